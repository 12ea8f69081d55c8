package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A kernel's arguments in order, written in place so that a launch allocates nothing: {@code
 * args.start().pointer(x).integer(n)}. A launch copies them, so one object serves many.
 */
public final class Arguments {
  private final MemorySegment slots;
  private final MemorySegment pointers;
  private final int capacity;
  private int count;

  /**
   * @param capacity most arguments of any kernel launched with this
   */
  public Arguments(Arena arena, int capacity) {
    this.capacity = capacity;
    slots = arena.allocate(JAVA_LONG, capacity);
    pointers = arena.allocate(ADDRESS, capacity);
    for (int i = 0; i < capacity; i++) {
      pointers.setAtIndex(ADDRESS, i, slots.asSlice(8L * i));
    }
  }

  /** Forgets what was written before. */
  public Arguments start() {
    count = 0;
    return this;
  }

  /** An address on the device; {@code 0} for a pointer that the kernel takes as absent. */
  public Arguments pointer(long address) {
    slots.setAtIndex(JAVA_LONG, next(), address);
    return this;
  }

  public Arguments pointer(DeviceMemory memory) {
    return pointer(memory.address());
  }

  public Arguments integer(int value) {
    slots.set(JAVA_INT, 8L * next(), value);
    return this;
  }

  public Arguments real(float value) {
    slots.set(JAVA_FLOAT, 8L * next(), value);
    return this;
  }

  public Arguments longInteger(long value) {
    slots.setAtIndex(JAVA_LONG, next(), value);
    return this;
  }

  private int next() {
    if (count == capacity) {
      throw new IllegalStateException("more than " + capacity + " arguments");
    }
    return count++;
  }

  /**
   * As the driver wants them. It does not say when there are too few, and reads what lies there.
   */
  MemorySegment of(Kernel kernel) {
    if (count == 0) {
      throw new IllegalStateException(kernel.entry() + " without arguments");
    }
    return pointers;
  }
}
