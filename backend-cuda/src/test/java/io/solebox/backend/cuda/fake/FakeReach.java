package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.DeviceHeap.Allocation;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whose memory each device of a machine reaches: what it says of that, what was asked for, and what
 * comes of it. Every pair has its own answer in each direction.
 */
final class FakeReach {
  private static final byte NOISE = (byte) 0xff;

  private final List<FakeDevice> devices;
  private final Set<Pair> barred = new HashSet<>();
  private final Set<Pair> lying = new HashSet<>();
  private final Map<Pair, Contexts> enabled = new HashMap<>();

  private record Pair(int from, int to) {}

  /** Those that access was enabled between: it goes with either. */
  private record Contexts(long from, long to) {}

  /**
   * @param devices by their ordinals
   */
  FakeReach(List<FakeDevice> devices) {
    this.devices = devices;
  }

  /** From now on it may not be let in. */
  void bar(int from, int to) {
    barred.add(new Pair(from, to));
  }

  /** It is let in, and nothing that it writes arrives; what it reads is not what is there. */
  void lie(int from, int to) {
    lying.add(new Pair(from, to));
  }

  /** Whether it may be let into the memory of another device. */
  boolean allows(int from, int to) {
    return from != to && !barred.contains(new Pair(from, to));
  }

  /** Lets the device of one context into the memory of the other, as long as both are there. */
  void enable(int from, long context) {
    int to = ordinalOf(context);
    if (!allows(from, to)) {
      throw new FakeError(FakeError.PEER_ACCESS_UNSUPPORTED, "");
    }
    if (reaches(from, to)) {
      throw new FakeError(FakeError.PEER_ACCESS_ALREADY_ENABLED, "");
    }
    enabled.put(new Pair(from, to), new Contexts(devices.get(from).context(), context));
  }

  /** Ends that. */
  void disable(int from, long context) {
    if (enabled.remove(new Pair(from, ordinalOf(context))) == null) {
      throw new FakeError(FakeError.PEER_ACCESS_NOT_ENABLED, "");
    }
  }

  /** The device whose context it is. */
  int ordinalOf(long context) {
    for (int i = 0; i < devices.size(); i++) {
      if (context != 0 && devices.get(i).context() == context) {
        return i;
      }
    }
    throw new FakeError(FakeError.INVALID_CONTEXT, "0x%x is no context".formatted(context));
  }

  private boolean reaches(int from, int to) {
    var now = new Contexts(devices.get(from).context(), devices.get(to).context());
    return now.equals(enabled.get(new Pair(from, to)));
  }

  /** What is at an address beyond a device's own memory, null for nothing that it reaches. */
  Allocation at(int from, long address) {
    int to = DeviceHeap.ordinalOf(address);
    if (to < 0 || to >= devices.size()) {
      return devices.stream()
          .flatMap(device -> device.mapped(address, device == devices.get(from)).stream())
          .findFirst()
          .orElse(null);
    }
    if (to == from || !reaches(from, to)) {
      return null;
    }
    Allocation there = devices.get(to).heap().at(address);
    if (devices.get(to).sticky() != 0) {
      return null;
    }
    return there != null && lying.contains(new Pair(from, to)) ? noise(there) : there;
  }

  private static Allocation noise(Allocation there) {
    byte[] data = new byte[there.data().length];
    Arrays.fill(data, NOISE);
    return Allocation.ofDevice(there.base(), data);
  }

  /**
   * Copies between two devices: by the one that reaches the other, or through the host, which needs
   * nobody to reach anybody.
   */
  void copy(int to, long target, int from, long source, long bytes) {
    FakeDevice receiver = devices.get(to);
    FakeDevice sender = devices.get(from);
    if (receiver.sticky() != 0 || sender.sticky() != 0) {
      throw new FakeError(Math.max(receiver.sticky(), sender.sticky()), "");
    }
    boolean direct = reaches(to, from) || reaches(from, to);
    boolean lost = lying.contains(new Pair(to, from)) || lying.contains(new Pair(from, to));
    if (!(direct && lost)) {
      receiver.heap().segment(target, bytes).copyFrom(sender.heap().segment(source, bytes));
    }
  }

  /** Pinned memory of any device that every device may copy from and to. */
  Optional<FakeDevice.Pinned> portable(long address, long bytes) {
    return devices.stream()
        .flatMap(device -> device.pinnedAt(address, bytes).stream())
        .filter(FakeDevice.Pinned::portable)
        .findFirst();
  }
}
