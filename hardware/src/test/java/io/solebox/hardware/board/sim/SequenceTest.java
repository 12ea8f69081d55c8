package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.OrderResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Power up and down: in order, in time, and only as far as all is well. */
class SequenceTest {
  private static List<BoardState> states(Bench bench) {
    return bench.events().stream().map(BoardEvent::to).toList();
  }

  /** Milliseconds from the order on until an output is high. */
  private static int untilHigh(Bench bench, SimValue output) {
    int millis = 0;
    while (!bench.on(output)) {
      bench.board.step(1);
      millis++;
      assertTrue(millis < 1000, output + " stays low");
    }
    return millis;
  }

  @Test
  void powersUpInOrder() {
    try (Bench bench = Bench.off()) {
      assertTrue(bench.isSafe());
      assertEquals(OrderResult.DONE, bench.order(Bench.ON));
      int aux = untilHigh(bench, SimValue.EN_AUX);
      int core = aux + untilHigh(bench, SimValue.EN_CORE);
      assertFalse(bench.on(SimValue.PERST_N));
      int good = core + bench.until(BoardState.HOLD_RESET, 50);
      int released = good + untilHigh(bench, SimValue.PERST_N);
      assertTrue(bench.on(SimValue.EN_MODULE));
      assertEquals(5, aux, "5 good samples of 12 V");
      assertTrue(core - aux >= 5 + 9, "the rail takes 10 ms, and 5 samples");
      assertEquals(100, released - good, "T_PVPERL");
      System.out.printf(
          "after the order: EN_AUX %d ms, EN_CORE %d ms, all good %d ms, PERST# released %d ms%n",
          aux, core, good, released);
      assertEquals(
          List.of(
              BoardState.OFF,
              BoardState.WAIT_12V,
              BoardState.RAMP_AUX,
              BoardState.RAMP_CORE,
              BoardState.HOLD_RESET,
              BoardState.RUN),
          states(bench));
    }
  }

  @Test
  void powersDownInReverse() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      bench.order(Bench.OFF);
      bench.board.step(1);
      assertFalse(bench.on(SimValue.PERST_N));
      assertFalse(bench.on(SimValue.EN_MODULE));
      assertTrue(bench.on(SimValue.EN_CORE), "PERST# is asserted before power goes");
      bench.board.step(1);
      assertTrue(bench.on(SimValue.EN_CORE), "for 2 ms");
      bench.board.step(1);
      assertFalse(bench.on(SimValue.EN_CORE));
      bench.board.step(2);
      assertTrue(bench.on(SimValue.EN_AUX), "for 5 ms");
      bench.board.step(1);
      assertTrue(bench.isSafe());
      assertEquals(BoardState.POWER_DOWN, bench.board.state());
      bench.until(BoardState.OFF, 100);
      assertTrue(bench.value(SimValue.REAL_AUX) < 660);
      assertTrue(bench.value(SimValue.REAL_CORE) < 160);
    }
  }

  @Test
  void whatComesTooLateIsAFault() {
    record Late(Injection what, int value, BoardFault fault, int millis) {}
    for (Late late :
        List.of(
            new Late(Injection.V12_MV, 11_300, BoardFault.V12_LATE, 500),
            new Late(Injection.PSU_LOST, 0, BoardFault.V12_LATE, 500),
            new Late(Injection.AUX_MV, 0, BoardFault.AUX_LATE, 5 + 150),
            new Late(Injection.AUX_MV, 3100, BoardFault.RAIL_STUCK, 500),
            new Late(Injection.CORE_MV, 0, BoardFault.CORE_LATE, 5 + 15 + 50),
            new Late(Injection.VRM_LOST, 0, BoardFault.CORE_LATE, 5 + 15 + 50))) {
      try (Bench bench = Bench.off()) {
        bench.board.inject(late.what(), late.value());
        bench.board.step(30); // 12 V needs its time to go
        bench.order(Bench.ON);
        int took = bench.until(BoardState.FAULT, 600);
        bench.isFaulted(late.fault());
        assertEquals(late.millis(), took, 6, late.toString());
        System.out.printf("%s after %d ms%n", late.fault(), took);
      }
    }
  }

  @Test
  void aRailThatDoesNotFallIsAFault() {
    for (Injection rail : List.of(Injection.AUX_MV, Injection.CORE_MV)) {
      try (Bench bench = Bench.in(BoardState.RUN)) {
        bench.board.inject(rail, rail == Injection.AUX_MV ? 3300 : 800);
        bench.order(Bench.OFF);
        int took = bench.until(BoardState.FAULT, 1100);
        bench.isFaulted(BoardFault.RAIL_STUCK);
        assertEquals(1001, took, 1);
        assertEquals(rail == Injection.AUX_MV ? 3300 : 800, bench.lastEvent().value(), 10);
        assertEquals(OrderResult.REFUSED_CAUSE, bench.order(Bench.RESET_FAULT));
        bench.board.heal(rail);
        bench.board.step(100);
        assertEquals(OrderResult.DONE, bench.order(Bench.RESET_FAULT));
      }
    }
  }

  @Test
  void aCycleStaysOffForItsTimeAndComesBack() {
    try (Bench bench = Bench.in(BoardState.CYCLE)) {
      assertTrue(bench.isSafe());
      assertEquals(2001, bench.until(BoardState.WAIT_12V, 2100), 1);
      bench.until(BoardState.RUN, 500);
    }
  }

  @Test
  void onTheWayDownNothingGoesOnThatWasNot() {
    try (Bench bench = Bench.in(BoardState.RAMP_AUX)) {
      bench.order(Bench.OFF);
      for (int i = 0; i < 100; i++) {
        bench.board.step(1);
        assertFalse(bench.on(SimValue.EN_CORE));
      }
    }
  }

  @Test
  void powerIsNotLetInWhereItWouldTrip() {
    try (Bench bench = Bench.off()) {
      bench.board.inject(Injection.SINK_DC, 960);
      bench.board.step(3);
      assertEquals(OrderResult.REFUSED_FAULT, bench.order(Bench.ON));
      bench.board.inject(Injection.SINK_DC, 800);
      bench.board.step(3);
      assertEquals(OrderResult.REFUSED_CAUSE, bench.order(Bench.RESET_FAULT), "not below 70 C");
      bench.board.inject(Injection.SINK_DC, 690);
      bench.board.step(3);
      assertEquals(OrderResult.DONE, bench.order(Bench.RESET_FAULT));
      assertEquals(OrderResult.DONE, bench.order(Bench.ON));
    }
  }
}
