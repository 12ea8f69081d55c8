package io.solebox.backend.cuda.fake;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One fake GPU: its memory, and what the primary context holds. All access is under one lock. */
final class FakeDevice {
  private static final long NEVER_FREED = 0;

  /** Handles of a device are no other's. */
  private static final int HANDLE_BITS = 32;

  final FakeGpu gpu;
  private final int ordinal;
  final Arena arena = Arena.ofShared();
  private DeviceHeap heap;
  private Interpreter interpreter;
  private final Map<Long, Object> handles = new HashMap<>();
  private final TreeMap<Long, MemorySegment> pinned = new TreeMap<>();
  private final List<String> leaks = new ArrayList<>();
  private long nextHandle;
  private int users;
  private long context;
  private int sticky;
  private boolean gone;
  private final Set<Integer> barred = new HashSet<>();

  FakeDevice(FakeGpu gpu, int ordinal) {
    this.gpu = gpu;
    this.ordinal = ordinal;
    nextHandle = ((long) ordinal << HANDLE_BITS) + 0x1000;
    heap = new DeviceHeap(ordinal);
    interpreter = new Interpreter(heap, gpu.schedule());
  }

  DeviceHeap heap() {
    return heap;
  }

  Interpreter interpreter() {
    return interpreter;
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
    heap = new DeviceHeap(ordinal);
    interpreter = new Interpreter(heap, gpu.schedule());
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

  /** Whether it may be let into the memory of another device. */
  boolean reaches(int peer) {
    return peer != ordinal && !barred.contains(peer);
  }

  /** From now on it may not. */
  void bar(int peer) {
    barred.add(peer);
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

  MemorySegment pin(long bytes) {
    int page = gpu.pageBytes();
    MemorySegment around = arena.allocate(bytes + 2L * page, page);
    // Aligned to one page and not to two: nothing better may be relied on.
    long offset = around.address() / page % 2 == 0 ? page : 0;
    MemorySegment segment = around.asSlice(offset, bytes);
    segment.fill((byte) 0xff);
    pinned.put(segment.address(), segment);
    return segment;
  }

  void unpin(long address) {
    if (pinned.remove(address) == null) {
      throw new FakeError(FakeError.INVALID_VALUE, "no pinned memory begins there");
    }
  }

  /** The pinned memory that holds these bytes; a copy of any other would not be asynchronous. */
  MemorySegment pinned(long address, long bytes) {
    var below = pinned.floorEntry(address);
    if (below == null || address + bytes > below.getKey() + below.getValue().byteSize()) {
      throw new FakeError(
          FakeError.INVALID_VALUE, "%d bytes at 0x%x are not pinned".formatted(bytes, address));
    }
    return below.getValue().asSlice(address - below.getKey(), bytes);
  }
}
