package io.solebox.app.airgap.kernel;

import io.solebox.app.airgap.filter.Architecture;
import io.solebox.app.airgap.filter.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/** System calls of Linux by their names, as the kernel answers them. */
public final class Kernel {
  /** What is answered where a call may not be made. */
  public static final int EPERM = 1;

  private static final int ARGUMENTS = 6;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_OF_STATE =
      STATE.varHandle(StructLayout.PathElement.groupElement("errno"));

  private final Architecture architecture;
  private final SystemCalls calls;
  private final MethodHandle syscall;

  private Kernel(Architecture architecture, MethodHandle syscall) {
    this.architecture = architecture;
    this.calls = SystemCalls.of(architecture);
    this.syscall = syscall;
  }

  /**
   * @throws IllegalCallerException if this module may not call native code
   */
  public static Kernel of(Architecture architecture) {
    Linker linker = Linker.nativeLinker();
    var words = new ValueLayout[1 + ARGUMENTS];
    Arrays.fill(words, ValueLayout.JAVA_LONG);
    MethodHandle syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, words),
            Linker.Option.firstVariadicArg(1),
            ERRNO);
    return new Kernel(architecture, syscall);
  }

  public Architecture architecture() {
    return architecture;
  }

  public SystemCalls calls() {
    return calls;
  }

  /**
   * Calls the kernel.
   *
   * @param name of a call that this architecture has
   * @param arguments at most six, addresses among them
   * @return what the kernel says: 0 or more, or an error's number below 0
   */
  public long call(String name, long... arguments) {
    return call(calls.number(name), arguments);
  }

  /** The same by the number of a call, be there such a one or not. */
  public long call(long number, long... arguments) {
    long[] a = Arrays.copyOf(arguments, ARGUMENTS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      long result = (long) syscall.invokeExact(state, number, a[0], a[1], a[2], a[3], a[4], a[5]);
      return result == -1 ? -(int) ERRNO_OF_STATE.get(state, 0L) : result;
    } catch (Throwable t) {
      throw new IllegalStateException(t);
    }
  }
}
