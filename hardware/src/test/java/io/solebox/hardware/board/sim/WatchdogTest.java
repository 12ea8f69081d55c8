package io.solebox.hardware.board.sim;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardEvent.Cause;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.OrderResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Firmware that hangs is reset, ends in the safe state, and knows what was. */
class WatchdogTest {
  private static void hang(Bench bench) {
    bench.board.hang();
    bench.board.step(51);
  }

  @Test
  void aHangEndsInTheSafeStateWithTheLogOfBefore() {
    for (BoardState state : BoardState.values()) {
      if (state == BoardState.FAULT || state == BoardState.UNKNOWN) {
        continue;
      }
      try (Bench bench = Bench.in(state)) {
        List<BoardEvent> before = bench.events();
        hang(bench);
        bench.isFaulted(BoardFault.WATCHDOG);
        List<BoardEvent> after = bench.events();
        assertEquals(before, after.subList(0, after.size() - 1));
        assertEquals(Cause.START, after.getLast().cause());
        assertEquals(state, after.getLast().from());
        assertEquals(1, after.getLast().boot());
        assertEquals(before.size() + 1, after.getLast().number());
        bench.board.step(100);
        for (Injection injection : Injection.values()) {
          bench.board.heal(injection);
        }
        bench.board.step(100);
        assertEquals(OrderResult.DONE, bench.order(Bench.RESET_FAULT));
      }
    }
  }

  @Test
  void outputsStayNoLongerThanTheWatchdogTakes() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      bench.board.hang();
      bench.board.step(49);
      assertFalse(bench.isSafe());
      bench.board.step(1);
      assertTrue(bench.isSafe());
    }
  }

  @Test
  void aFaultThatStoodIsNotForgotten() {
    try (Bench bench = Bench.faulted(Injection.SINK_DC, 960)) {
      hang(bench);
      assertEquals(BoardFault.HOT, bench.board.fault());
      assertEquals(BoardFault.WATCHDOG, bench.lastEvent().fault());
      assertEquals(OrderResult.REFUSED_CAUSE, bench.order(Bench.RESET_FAULT));
      bench.board.step(5);
      assertEquals(100, bench.value(SimValue.FAN_PCT));
    }
  }

  @Test
  void whatIsHotIsCooledFromTheFirstStepOn() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      bench.board.inject(Injection.SINK_DC, 900);
      bench.board.step(10);
      hang(bench);
      assertEquals(100, bench.value(SimValue.FAN_PCT));
    }
  }

  /** Each byte of what is kept, changed in one bit. */
  @Test
  void aDamagedLogIsNotBelieved() {
    int kept = 16 + 64 * 16;
    for (int at = 0; at < kept; at++) {
      try (Bench bench = Bench.in(BoardState.RUN)) {
        bench.board.hang();
        byte was = bench.board.memory().get(JAVA_BYTE, at);
        bench.board.memory().set(JAVA_BYTE, at, (byte) (was ^ 1 << at % 8));
        bench.board.step(51);
        assertEquals(BoardFault.WATCHDOG, bench.board.fault());
        assertEquals(1, bench.events().size(), "byte " + at);
        assertTrue(bench.isSafe());
      }
    }
  }
}
