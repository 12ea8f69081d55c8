package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A week of a board's life, millisecond by millisecond: faults, orders, presses and a host that
 * comes and goes. The C judges every step; here it is seen that all was reached that can be.
 */
class WeekTest {
  private static final long SEED = 21;
  private static final long WEEK = 7L * 24 * 3600 * 1000;

  /** So that the board's clock wraps on the third day. */
  private static final int CLOCK = (int) -(WEEK / 3);

  private static final Set<BoardState> STATES =
      EnumSet.complementOf(EnumSet.of(BoardState.UNKNOWN));

  @Test
  void aWeekBreaksNoRuleAndReachesEverything() {
    try (Bench bench = Bench.at(SEED, CLOCK)) {
      bench.board.run(WEEK);
      System.out.printf("seed %d, %d steps%n", SEED, bench.value(SimValue.STEPS));
      System.out.print(table(bench.board));
      System.out.println(faults(bench.board));
      for (Violation violation : Violation.values()) {
        assertEquals(0, bench.board.violations(violation), violation.words());
      }
      assertEquals(WEEK, bench.value(SimValue.STEPS));
      assertEquals(List.of(), unreached(bench.board));
      assertEquals(
          List.of(),
          Arrays.stream(BoardFault.values())
              .filter(fault -> fault != BoardFault.UNKNOWN && bench.board.faults(fault) == 0)
              .toList());
    }
  }

  private static List<String> unreached(SimulatedBoard board) {
    List<String> missing = new ArrayList<>();
    for (BoardState from : STATES) {
      for (BoardState to : STATES) {
        if (board.allowed(from, to) && board.transitions(from, to) == 0) {
          missing.add(from + " to " + to);
        }
      }
    }
    return missing;
  }

  /** From each state on the left to each above; a dot where one must not follow. */
  private static String table(SimulatedBoard board) {
    StringBuilder table = new StringBuilder("%-11s".formatted(""));
    int allowed = 0;
    int reached = 0;
    STATES.forEach(to -> table.append("%11s".formatted(to)));
    for (BoardState from : STATES) {
      table.append("%n%-11s".formatted(from));
      for (BoardState to : STATES) {
        long count = board.transitions(from, to);
        allowed += board.allowed(from, to) ? 1 : 0;
        reached += board.allowed(from, to) && count > 0 ? 1 : 0;
        table.append("%11s".formatted(board.allowed(from, to) ? count : "."));
      }
    }
    return table.append("%n%d of %d transitions reached%n".formatted(reached, allowed)).toString();
  }

  private static String faults(SimulatedBoard board) {
    StringBuilder line = new StringBuilder();
    for (BoardFault fault : EnumSet.range(BoardFault.PSU_LOST, BoardFault.WATCHDOG)) {
      line.append("%s %d, ".formatted(fault, board.faults(fault)));
    }
    return line.toString();
  }
}
