package io.solebox.app.airgap.kernel;

import io.solebox.app.airgap.filter.FilterProgram;
import io.solebox.app.airgap.filter.Instruction;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;

/** The filter of system calls, for all threads of this process and whatever it becomes. */
public final class Seccomp {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int SECCOMP_SET_MODE_FILTER = 1;
  private static final int ALL_THREADS = 1; // SECCOMP_FILTER_FLAG_TSYNC

  /**
   * {@code SECCOMP_FILTER_FLAG_SPEC_ALLOW}: the filter is no wall against what computes here, and
   * kernels before 5.16 would make all of it slower.
   */
  private static final int AT_FULL_SPEED = 4;

  private Seccomp() {}

  /**
   * Nothing that this thread executes has more privileges than it, which whoever has few of them
   * must promise before a wall is put up.
   *
   * @return why not; empty where it is so
   */
  public static Optional<String> forbidPrivileges(Kernel kernel) {
    long result = kernel.call("prctl", PR_SET_NO_NEW_PRIVS, 1);
    return result == 0 ? Optional.empty() : Optional.of("no_new_privs: " + Errors.name(result));
  }

  /**
   * Installs the filter, from which there is no way back; the other threads have no new privileges
   * with it.
   *
   * @return why there is none; empty where it holds
   */
  public static Optional<String> install(Kernel kernel) {
    List<Instruction> program = FilterProgram.of(kernel.architecture());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment filter = write(program, arena);
      MemorySegment head = arena.allocate(ValueLayout.ADDRESS.byteSize() * 2, Long.BYTES);
      head.set(ValueLayout.JAVA_SHORT, 0, (short) program.size());
      head.set(ValueLayout.ADDRESS, ValueLayout.ADDRESS.byteSize(), filter);
      long result =
          kernel.call(
              "seccomp", SECCOMP_SET_MODE_FILTER, ALL_THREADS | AT_FULL_SPEED, head.address());
      if (result > 0) {
        return Optional.of("seccomp: thread %d has a filter of its own".formatted(result));
      }
      return result == 0 ? Optional.empty() : Optional.of("seccomp: " + Errors.name(result));
    }
  }

  private static MemorySegment write(List<Instruction> program, Arena arena) {
    MemorySegment filter = arena.allocate((long) program.size() * Instruction.BYTES, Long.BYTES);
    long at = 0;
    for (Instruction instruction : program) {
      filter.set(ValueLayout.JAVA_SHORT, at, (short) instruction.code());
      filter.set(ValueLayout.JAVA_BYTE, at + 2, (byte) instruction.jumpTrue());
      filter.set(ValueLayout.JAVA_BYTE, at + 3, (byte) instruction.jumpFalse());
      filter.set(ValueLayout.JAVA_INT, at + 4, instruction.k());
      at += Instruction.BYTES;
    }
    return filter;
  }
}
