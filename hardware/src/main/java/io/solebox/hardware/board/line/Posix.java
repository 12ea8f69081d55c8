package io.solebox.hardware.board.line;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The calls of the C library that devices take. Each answers what the call does, or an error's
 * number below 0. Numbers and layouts are those of Linux on x86-64 and ARM64, which are the same.
 */
final class Posix {
  /** {@code asm-generic/fcntl.h}. */
  static final int O_RDWR = 2;

  static final int O_NOCTTY = 0x100;
  static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;

  /** {@code asm-generic/poll.h}. */
  static final short POLLIN = 1;

  static final short POLLOUT = 4;

  /** {@code sys/file.h}. */
  static final int LOCK_EX = 2;

  static final int LOCK_NB = 4;
  static final int LOCK_UN = 8;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF_STATE =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN = variadic("open", ADDRESS, JAVA_INT);
  private static final MethodHandle CLOSE = of("close", JAVA_INT, JAVA_INT);
  private static final MethodHandle READ = of("read", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle WRITE = of("write", JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG);
  private static final MethodHandle POLL = of("poll", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT);
  private static final MethodHandle IOCTL = variadic("ioctl", JAVA_INT, JAVA_LONG, ADDRESS);
  private static final MethodHandle FLOCK = of("flock", JAVA_INT, JAVA_INT, JAVA_INT);

  private Posix() {}

  /** One that returns int or long, which an error leaves at -1. */
  static MethodHandle of(String name, MemoryLayout answer, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(answer, arguments), ERRNO);
  }

  /** One with two fixed arguments, and perhaps another. */
  private static MethodHandle variadic(String name, MemoryLayout... arguments) {
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(JAVA_INT, arguments),
        Linker.Option.firstVariadicArg(2),
        ERRNO);
  }

  /** Calls one, with what is noted of errors in front of its arguments. */
  static long call(MethodHandle function, Object... arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      Object[] all = new Object[1 + arguments.length];
      all[0] = state;
      System.arraycopy(arguments, 0, all, 1, arguments.length);
      long result = ((Number) function.invokeWithArguments(all)).longValue();
      return result == -1 ? -(int) ERRNO_OF_STATE.get(state, 0L) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) call(OPEN, arena.allocateFrom(path), flags);
    }
  }

  static void close(int file) {
    call(CLOSE, file);
  }

  static int read(int file, byte[] into) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(into.length);
      int count = (int) call(READ, file, bytes, (long) into.length);
      MemorySegment.copy(bytes, 0, MemorySegment.ofArray(into), 0, Math.max(0, count));
      return count;
    }
  }

  static int write(int file, byte[] bytes, int from) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment rest = arena.allocate(bytes.length - from);
      MemorySegment.copy(MemorySegment.ofArray(bytes), from, rest, 0, bytes.length - from);
      return (int) call(WRITE, file, rest, rest.byteSize());
    }
  }

  /**
   * Waits until a file can be read or written.
   *
   * @param events {@link #POLLIN} or {@link #POLLOUT}
   * @return what has happened, hang-ups and errors among it; 0 where nothing did
   */
  static int poll(int file, short events, long nanos) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment asked = arena.allocate(JAVA_LONG); // struct pollfd: int, short, short
      asked.set(JAVA_INT, 0, file);
      asked.set(JAVA_SHORT, 4, events);
      int millis = (int) Math.clamp((nanos + 999_999) / 1_000_000, 0, 60_000);
      long result = call(POLL, asked, 1L, millis);
      return result <= 0 ? (int) result : asked.get(JAVA_SHORT, 6) & 0xffff;
    }
  }

  static int ioctl(int file, long request, MemorySegment argument) {
    return (int) call(IOCTL, file, request, argument);
  }

  static int flock(int file, int operation) {
    return (int) call(FLOCK, file, operation);
  }
}
