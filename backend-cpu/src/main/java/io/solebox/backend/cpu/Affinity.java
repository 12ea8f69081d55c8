package io.solebox.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.BitSet;
import java.util.Optional;

/**
 * On which processors a thread may run: reads and sets the mask of the calling thread with the
 * system calls of Linux. Elsewhere, or where they are forbidden, there is none.
 */
final class Affinity {
  /** Of a cpu_set_t: 1024 processors. Machines with more refuse it, and are left as they are. */
  private static final long MASK_BYTES = 128;

  private final MethodHandle get;
  private final MethodHandle set;

  private Affinity(MethodHandle get, MethodHandle set) {
    this.get = get;
    this.set = set;
  }

  static Optional<Affinity> ofSystem() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Affinity(call("sched_getaffinity"), call("sched_setaffinity")));
    } catch (RuntimeException _) {
      // The C library lacks it, or this module may not call native code.
      return Optional.empty();
    }
  }

  private static MethodHandle call(String name) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_LONG));
  }

  /** The processors that the calling thread may use; empty if that cannot be found out. */
  BitSet allowed() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = mask(arena);
      return read(mask) ? BitSet.valueOf(mask.toArray(ValueLayout.JAVA_LONG)) : new BitSet();
    }
  }

  /** A mask of no processor. */
  static MemorySegment mask(Arena arena) {
    return arena.allocate(MASK_BYTES, Long.BYTES);
  }

  /** A mask of one processor. */
  static MemorySegment mask(Arena arena, int processor) {
    MemorySegment mask = mask(arena);
    mask.setAtIndex(ValueLayout.JAVA_LONG, processor / Long.SIZE, 1L << processor);
    return mask;
  }

  /**
   * Writes to {@code mask} what the calling thread may use.
   *
   * @return whether the system told
   */
  boolean read(MemorySegment mask) {
    return invoke(get, mask);
  }

  /**
   * Lets the calling thread use these processors only.
   *
   * @return whether the system did so
   */
  boolean allow(MemorySegment mask) {
    return invoke(set, mask);
  }

  /** Both calls take a thread, 0 for the caller's, and return a negative number for failure. */
  private static boolean invoke(MethodHandle call, MemorySegment mask) {
    try {
      return (int) call.invokeExact(0, MASK_BYTES, mask.address()) >= 0;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    } finally {
      Reference.reachabilityFence(mask);
    }
  }
}
