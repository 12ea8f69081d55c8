package io.solebox.hardware.pci;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The configuration space of a function: 64 bytes for everybody, 256 or 4096 for root. What lies
 * behind its end, or is not there, is absent. Offsets and layouts: PCI Local Bus 3.0, chapter 6,
 * and PCI Express Base Specification, chapter 7.
 */
public final class ConfigSpace {
  private static final int POWER_ON_ONES = 0xff;
  private static final int STATUS = 0x06;
  private static final int HAS_LIST = 0x10;
  private static final int HEADER_TYPE = 0x0e;
  private static final int FIRST_BAR = 0x10;
  private static final int SECONDARY = 0x19;
  private static final int SUBORDINATE = 0x1a;
  private static final int LIST = 0x34;
  private static final int FIRST_EXTENDED = 0x100;
  private static final int EXPRESS = 0x10;
  private static final int AER = 0x0001;
  private static final int RESIZABLE_BAR = 0x0015;

  private final byte[] bytes;

  public ConfigSpace(byte[] bytes) {
    this.bytes = bytes.clone();
  }

  /** Whether everything a function may have was read, and not its first 64 bytes alone. */
  public boolean isWhole() {
    return bytes.length >= 256;
  }

  /** Whether reads answer with ones alone: the function is gone, asleep, or off the bus. */
  public boolean isGone() {
    return bytes.length > 0
        && IntStream.range(0, Math.min(bytes.length, 64))
            .allMatch(i -> (bytes[i] & 0xff) == POWER_ON_ONES);
  }

  /** A bridge has a header of type 1. */
  public boolean isBridge() {
    return bytes.length > HEADER_TYPE && (bytes[HEADER_TYPE] & 0x7f) == 1;
  }

  private OptionalInt half(int offset) {
    return offset >= 0 && offset + 2 <= bytes.length
        ? OptionalInt.of((bytes[offset] & 0xff) | (bytes[offset + 1] & 0xff) << 8)
        : OptionalInt.empty();
  }

  private OptionalInt word(int offset) {
    OptionalInt low = half(offset);
    OptionalInt high = half(offset + 2);
    return low.isPresent() && high.isPresent()
        ? OptionalInt.of(low.getAsInt() | high.getAsInt() << 16)
        : OptionalInt.empty();
  }

  /**
   * Whether a BAR's register says that it is a 64-bit one: those bits are fixed, and stand there
   * also where no address was given to it.
   */
  public boolean isWideBar(int index) {
    OptionalInt register = word(FIRST_BAR + 4 * index);
    return index < (isBridge() ? 2 : 6)
        && register.isPresent()
        && (register.getAsInt() & 0x7) == 0x4;
  }

  /** The buses behind a bridge. */
  public record Buses(int first, int last) {}

  /** Which buses a bridge hands on to. */
  public Optional<Buses> buses() {
    if (!isBridge() || bytes.length <= SUBORDINATE) {
      return Optional.empty();
    }
    int first = bytes[SECONDARY] & 0xff;
    return first == 0 ? Optional.empty() : Optional.of(new Buses(first, bytes[SUBORDINATE] & 0xff));
  }

  /** Where a capability begins. */
  public OptionalInt capability(int id) {
    OptionalInt status = half(STATUS);
    if (status.isEmpty() || (status.getAsInt() & HAS_LIST) == 0) {
      return OptionalInt.empty();
    }
    int at = bytes.length > LIST ? bytes[LIST] & 0xfc : 0;
    for (int steps = 0; steps < 48 && at >= 0x40; steps++) { // 192 bytes in pieces of 4
      OptionalInt head = half(at);
      if (head.isEmpty()) {
        return OptionalInt.empty();
      }
      if ((head.getAsInt() & 0xff) == id) {
        return OptionalInt.of(at);
      }
      at = head.getAsInt() >> 8 & 0xfc;
    }
    return OptionalInt.empty();
  }

  /** Where an extended capability begins. */
  public OptionalInt extendedCapability(int id) {
    int at = FIRST_EXTENDED;
    for (int steps = 0; steps < 960 && at >= FIRST_EXTENDED; steps++) {
      OptionalInt head = word(at);
      if (head.isEmpty() || head.getAsInt() == 0 || head.getAsInt() == -1) {
        return OptionalInt.empty();
      }
      if ((head.getAsInt() & 0xffff) == id) {
        return OptionalInt.of(at);
      }
      at = head.getAsInt() >>> 20 & 0xffc;
    }
    return OptionalInt.empty();
  }

  /** The best link that the function itself is made for. */
  public Optional<PciLink> linkCapability() {
    OptionalInt at = capability(EXPRESS);
    OptionalInt word = at.isPresent() ? word(at.getAsInt() + 0x0c) : at;
    return word.isPresent() ? link(word.getAsInt()) : Optional.empty();
  }

  /** The link as it is now. */
  public Optional<PciLink> linkStatus() {
    OptionalInt at = capability(EXPRESS);
    OptionalInt half = at.isPresent() ? half(at.getAsInt() + 0x12) : at;
    return half.isPresent() ? link(half.getAsInt()) : Optional.empty();
  }

  private static Optional<PciLink> link(int register) {
    int lanes = register >> 4 & 0x3f;
    return PciLink.speed(register & 0xf)
        .filter(_ -> lanes > 0)
        .map(speed -> new PciLink(speed, lanes));
  }

  /** What PCI Express says of errors so far; bits 0 to 3: corrected, not fatal, fatal, refused. */
  public OptionalInt deviceStatus() {
    OptionalInt at = capability(EXPRESS);
    return at.isPresent() ? half(at.getAsInt() + 0x0a) : at;
  }

  /** What has gone wrong since somebody last cleared it: bits of the AER status registers. */
  public record Errors(int uncorrectable, int severity, int correctable) {
    /** Those that are fatal as they are configured. */
    public int fatal() {
      return uncorrectable & severity;
    }
  }

  /** The registers of Advanced Error Reporting, where there are any. */
  public Optional<Errors> errors() {
    OptionalInt at = extendedCapability(AER);
    if (at.isEmpty()) {
      return Optional.empty();
    }
    OptionalInt uncorrectable = word(at.getAsInt() + 0x04);
    OptionalInt severity = word(at.getAsInt() + 0x0c);
    OptionalInt correctable = word(at.getAsInt() + 0x10);
    return uncorrectable.isPresent() && severity.isPresent() && correctable.isPresent()
        ? Optional.of(
            new Errors(uncorrectable.getAsInt(), severity.getAsInt(), correctable.getAsInt()))
        : Optional.empty();
  }

  /**
   * A BAR whose size can be chosen.
   *
   * @param bar from 0
   * @param current bytes
   * @param supported bytes, ascending
   */
  public record Resizable(int bar, long current, List<Long> supported) {
    public Resizable {
      supported = List.copyOf(supported);
    }
  }

  /** All BARs whose sizes can be chosen. */
  public List<Resizable> resizableBars() {
    OptionalInt at = extendedCapability(RESIZABLE_BAR);
    OptionalInt first = at.isPresent() ? word(at.getAsInt() + 8) : at;
    List<Resizable> bars = new ArrayList<>();
    int count = first.isPresent() ? first.getAsInt() >> 5 & 0x7 : 0;
    for (int i = 0; i < count; i++) {
      OptionalInt capability = word(at.getAsInt() + 4 + 8 * i);
      OptionalInt control = word(at.getAsInt() + 8 + 8 * i);
      if (capability.isPresent() && control.isPresent()) {
        bars.add(resizable(capability.getAsInt(), control.getAsInt()));
      }
    }
    return List.copyOf(bars);
  }

  private static Resizable resizable(int capability, int control) {
    // Bits 4 to 31 of the one are 1 MiB to 128 TiB, 16 to 31 of the other the steps above.
    long sizes = (capability >>> 4 & 0xfffffffL) | (long) (control >>> 16) << 28;
    List<Long> supported =
        IntStream.range(0, 44)
            .filter(bit -> (sizes >>> bit & 1) != 0)
            .mapToObj(bit -> 1L << 20 + bit)
            .toList();
    return new Resizable(control & 0x7, 1L << 20 + (control >>> 8 & 0x3f), supported);
  }
}
