package io.solebox.app.airgap.filter;

import io.solebox.app.airgap.filter.Assembler.Label;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * The program that the kernel asks at every system call of an air-gapped process ({@code
 * linux/seccomp.h}): it lets through, or refuses with an error, and never ends the process. A call
 * that was made in another way than the architecture's own, as by 32-bit code, is refused; one of
 * the x32 ABI has a number beyond all others, and so does not exist.
 */
public final class FilterProgram {
  /** {@code SECCOMP_RET_ALLOW}. */
  static final int ALLOW = 0x7fff_0000;

  /** {@code SECCOMP_RET_ERRNO}. */
  private static final int ERROR = 0x0005_0000;

  static final int REFUSE = ERROR | 1; // EPERM
  static final int ABSENT = ERROR | 38; // ENOSYS

  /** Of {@code struct seccomp_data}. */
  private static final int NUMBER = 0;

  private static final int ARCHITECTURE = 4;

  /** Numbers from this one to the next range's first. */
  private record Range(int first, Verdict verdict) {}

  private final Assembler program = new Assembler();

  private FilterProgram() {}

  public static List<Instruction> of(Architecture architecture) {
    var filter = new FilterProgram();
    var ours = new Label();
    filter.program.load(ARCHITECTURE).ifEqual(architecture.auditName(), ours).end(REFUSE);
    filter.program.place(ours).load(NUMBER);
    filter.search(ranges(SystemCalls.of(architecture).verdicts()));
    return filter.program.assemble();
  }

  private static List<Range> ranges(SortedMap<Integer, Verdict> verdicts) {
    var ranges = new ArrayList<Range>();
    for (int number = 0; number <= verdicts.lastKey() + 1; number++) {
      Verdict verdict = verdicts.getOrDefault(number, Verdict.ABSENT);
      if (ranges.isEmpty() || ranges.getLast().verdict() != verdict) {
        ranges.add(new Range(number, verdict));
      }
    }
    return ranges;
  }

  /** Halves the ranges until one is left: seven questions at most. */
  private void search(List<Range> ranges) {
    if (ranges.size() == 1) {
      decide(ranges.getFirst().verdict());
      return;
    }
    int middle = ranges.size() / 2;
    var upper = new Label();
    program.ifAtLeast(ranges.get(middle).first(), upper);
    search(ranges.subList(0, middle));
    program.place(upper);
    search(ranges.subList(middle, ranges.size()));
  }

  private void decide(Verdict verdict) {
    switch (verdict) {
      case ALLOW -> program.end(ALLOW);
      case REFUSE -> program.end(REFUSE);
      case ABSENT -> program.end(ABSENT);
      case SOCKET -> ArgumentRules.socket(program, ALLOW, REFUSE);
      case SOCKETPAIR -> ArgumentRules.socketpair(program, ALLOW, REFUSE);
      case SENDTO -> ArgumentRules.sendto(program, ALLOW, REFUSE);
      case CLONE -> ArgumentRules.clone(program, ALLOW, REFUSE);
      case IOCTL -> ArgumentRules.ioctl(program, ALLOW, REFUSE);
    }
  }
}
