package io.solebox.backend.cpu;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory straight from Linux, which is zero and takes no room before it is touched, and advice
 * about mapped files. Elsewhere plain memory from the arena, and no advice.
 */
final class SystemMemory {
  /** How large the pages of new memory should be. */
  enum Pages {
    /** Only what is touched becomes resident, 4 KiB at a time. */
    SMALL,
    /** Resident 2 MiB at a time: for memory that is used entirely, where address look-ups count. */
    HUGE
  }

  private static final boolean LINUX = System.getProperty("os.name").equals("Linux");
  private static final long ALIGNMENT = 64;

  private SystemMemory() {}

  /**
   * Zeros, at the start of a cache line, until the arena is closed.
   *
   * @param what it is for, in the message
   * @throws SoleboxException {@code OUT_OF_MEMORY}
   */
  static MemorySegment allocate(long bytes, Pages pages, String what, Arena arena) {
    if (bytes == 0) {
      return MemorySegment.NULL;
    }
    try {
      if (!LINUX) {
        return arena.allocate(bytes, ALIGNMENT);
      }
      MemorySegment memory = Linux.map(bytes, arena);
      if (pages == Pages.HUGE) {
        Linux.advise(memory.address(), bytes, Linux.MADV_HUGEPAGE);
      }
      return memory;
    } catch (OutOfMemoryError e) {
      throw new SoleboxException(
          ErrorCode.OUT_OF_MEMORY,
          "",
          "The operating system refused %,d MiB for %s.".formatted(bytes >> 20, what),
          "Use a smaller --context or --kv-type, or end other programs.",
          e);
    }
  }

  /** Begins to read a part of a mapped file, without waiting. */
  static void readAhead(MemorySegment mapped) {
    if (LINUX) {
      Linux.adviseInner(mapped, Linux.MADV_WILLNEED);
    }
  }

  /** Brings a part of a mapped file into memory and waits for it. */
  static void populate(MemorySegment mapped) {
    if (!LINUX || !Linux.adviseInner(mapped, Linux.MADV_POPULATE_READ)) {
      mapped.load();
    }
  }

  /** Gives back the memory of a part of a mapped file, which is read again when it is touched. */
  static void release(MemorySegment mapped) {
    if (LINUX) {
      Linux.adviseInner(mapped, Linux.MADV_DONTNEED);
    }
  }

  /** The calls, in a class of its own: they are looked up when first used. */
  private static final class Linux {
    // include/uapi/asm-generic/mman-common.h of the Linux kernel; the same on x86-64 and aarch64.
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_PRIVATE_ANONYMOUS = 0x22;
    private static final int MADV_WILLNEED = 3;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;
    private static final int MADV_POPULATE_READ = 22;
    private static final long MAP_FAILED = -1;

    private static final MethodHandle MMAP =
        find(
            "mmap",
            FunctionDescriptor.of(
                JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle MUNMAP =
        find("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle MADVISE =
        find("madvise", FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final long PAGE = pageSize();

    private static MethodHandle find(String name, FunctionDescriptor type) {
      Linker linker = Linker.nativeLinker();
      return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    private static long pageSize() {
      try {
        return (int) find("getpagesize", FunctionDescriptor.of(JAVA_INT)).invokeExact();
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    static MemorySegment map(long bytes, Arena arena) {
      try {
        long address =
            (long)
                MMAP.invokeExact(
                    MemorySegment.NULL, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0L);
        if (address == MAP_FAILED) {
          throw new OutOfMemoryError("mmap of " + bytes + " bytes");
        }
        return MemorySegment.ofAddress(address).reinterpret(bytes, arena, Linux::unmap);
      } catch (RuntimeException | Error e) {
        throw e;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    private static void unmap(MemorySegment memory) {
      try {
        int unused = (int) MUNMAP.invokeExact(memory, memory.byteSize());
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    /** Whether the system took it: old ones do not know all advice, and nothing depends on it. */
    static boolean advise(long address, long bytes, int advice) {
      try {
        return (int) MADVISE.invokeExact(address, bytes, advice) == 0;
      } catch (Throwable e) {
        throw new AssertionError(e);
      }
    }

    /** For the pages that lie entirely in the segment. */
    static boolean adviseInner(MemorySegment part, int advice) {
      long from = (part.address() + PAGE - 1) / PAGE * PAGE;
      long to = (part.address() + part.byteSize()) / PAGE * PAGE;
      return from >= to || advise(from, to - from, advice);
    }
  }
}
