package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.DeviceHeap.Allocation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One fake GPU: its memory, and what the primary context holds. All access is under one lock. */
final class FakeDevice {
  private static final long NEVER_FREED = 0;

  /** Handles of a device are no other's. */
  private static final int HANDLE_BITS = 32;

  final FakeGpu gpu;
  private final int ordinal;
  private final FakeDriver driver;
  final Arena arena = Arena.ofShared();
  private DeviceHeap heap;
  private Interpreter interpreter;
  private final Map<Long, Object> handles = new HashMap<>();
  private final TreeMap<Long, Pinned> pinned = new TreeMap<>();
  private final List<String> leaks = new ArrayList<>();
  private long nextHandle;
  private int users;
  private long context;
  private int sticky;
  private boolean gone;
  private final StuckBits stuckBits = new StuckBits();

  /**
   * Pinned memory of the host.
   *
   * @param portable whether it is pinned for all devices
   * @param mapping what kernels see of it
   */
  record Pinned(MemorySegment segment, boolean portable, Optional<Allocation> mapping) {
    MemorySegment slice(long address, long bytes) {
      return segment.asSlice(address - segment.address(), bytes);
    }
  }

  FakeDevice(FakeGpu gpu, int ordinal, FakeDriver driver) {
    this.gpu = gpu;
    this.ordinal = ordinal;
    this.driver = driver;
    nextHandle = ((long) ordinal << HANDLE_BITS) + 0x1000;
    heap = newHeap();
    interpreter = newInterpreter();
  }

  private DeviceHeap newHeap() {
    return new DeviceHeap(ordinal, address -> driver.reach().at(ordinal, address));
  }

  private Interpreter newInterpreter() {
    return new Interpreter(heap, gpu.schedule(), this::giveWay);
  }

  /** A kernel of this device waits. */
  private void giveWay() {
    driver.giveWay();
    if (sticky != 0) {
      throw new FakeError(sticky, "");
    }
  }

  int ordinal() {
    return ordinal;
  }

  /** Of the device that has a thing with this handle. */
  static int ordinalOf(long handle) {
    return (int) (handle >> HANDLE_BITS);
  }

  DeviceHeap heap() {
    return heap;
  }

  Interpreter interpreter() {
    return interpreter;
  }

  /** Runs a kernel to its end. */
  void run(Launch launch) {
    interpreter.run(launch);
    spoil();
  }

  /** Before what copies brought is read. */
  void spoil() {
    stuckBits.spoil(heap);
  }

  /** Where, of a memory that begins at 0, a bit of a byte is always 1; the address for kernels. */
  long stick(long offset, int bit) {
    long address = heap.start() + offset;
    stuckBits.add(address, bit);
    return address;
  }

  /** The handle of the primary context, 0 while there is none. */
  long context() {
    return context;
  }

  long retain() {
    if (gone) {
      throw new FakeError(FakeError.UNKNOWN, "");
    }
    if (users++ == 0 || context == 0) {
      context = put("context");
    }
    return context;
  }

  void release() {
    if (users == 0) {
      throw new FakeError(FakeError.INVALID_CONTEXT, "released more often than retained");
    }
    if (--users == 0) {
      noteLeaks();
      destroyContext();
    }
  }

  /** What the context held is gone; so is a sticky error. */
  void destroyContext() {
    handles.clear();
    heap = newHeap();
    interpreter = newInterpreter();
    pinned.clear();
    context = 0;
    sticky = 0;
  }

  private void noteLeaks() {
    if (sticky != 0) {
      return; // a lost context takes everything with it
    }
    if (heap.used() > NEVER_FREED) {
      leaks.add(heap.used() + " bytes of device memory");
    }
    if (!pinned.isEmpty()) {
      leaks.add(pinned.size() + " pinned buffers");
    }
    handles.values().stream()
        .filter(
            o -> o instanceof FakeStream || o instanceof PtxModule || o instanceof FakeGraphExec)
        .forEach(o -> leaks.add(o.getClass().getSimpleName()));
  }

  List<String> leaks() {
    return leaks;
  }

  /** The error that every call meets since a kernel failed, 0 for none. */
  int sticky() {
    return sticky;
  }

  void lose(int code) {
    sticky = code;
  }

  /** As a card that has fallen off the bus: what it has is lost, and no context is made again. */
  void unplug(int code) {
    lose(code);
    gone = true;
  }

  /** It answers again, if a context is made. */
  void plug() {
    gone = false;
  }

  long put(Object thing) {
    nextHandle += 16;
    handles.put(nextHandle, thing);
    return nextHandle;
  }

  <T> T get(long handle, Class<T> type) {
    Object thing = handles.get(handle);
    if (!type.isInstance(thing)) {
      throw new FakeError(
          FakeError.INVALID_HANDLE,
          "0x%x is no %s that is there".formatted(handle, type.getSimpleName()));
    }
    return type.cast(thing);
  }

  void remove(long handle, Class<?> type) {
    get(handle, type);
    handles.remove(handle);
  }

  long allocate(long bytes) {
    if (bytes <= 0) {
      throw new FakeError(FakeError.INVALID_VALUE, "allocation of " + bytes + " bytes");
    }
    if (bytes > gpu.memoryBytes() - heap.used() || bytes > Integer.MAX_VALUE - 64) {
      throw new FakeError(
          FakeError.OUT_OF_MEMORY,
          "%d bytes asked for, %d free".formatted(bytes, gpu.memoryBytes() - heap.used()));
    }
    return heap.allocate((int) bytes);
  }

  MemorySegment pin(long bytes, boolean portable, boolean isMapped) {
    int page = gpu.pageBytes();
    MemorySegment around = arena.allocate(bytes + 2L * page, page);
    // Aligned to one page and not to two: nothing better may be relied on.
    long offset = around.address() / page % 2 == 0 ? page : 0;
    MemorySegment segment = around.asSlice(offset, bytes);
    segment.fill((byte) 0xff);
    Optional<Allocation> mapping =
        isMapped ? Optional.of(Allocation.ofHost(segment)) : Optional.empty();
    pinned.put(segment.address(), new Pinned(segment, portable, mapping));
    return segment;
  }

  void unpin(long address) {
    if (pinned.remove(address) == null) {
      throw new FakeError(FakeError.INVALID_VALUE, "no pinned memory begins there");
    }
  }

  /** The pinned memory of this device's context that holds these bytes. */
  Optional<Pinned> pinnedAt(long address, long bytes) {
    return Optional.ofNullable(pinned.floorEntry(address))
        .map(Map.Entry::getValue)
        .filter(p -> address + bytes <= p.segment().address() + p.segment().byteSize());
  }

  /**
   * The mapped memory there.
   *
   * @param own whether it is a kernel of this device that asks
   */
  Optional<Allocation> mapped(long address, boolean own) {
    return pinnedAt(address, 1).filter(p -> own || p.portable()).flatMap(Pinned::mapping);
  }
}
