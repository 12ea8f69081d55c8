package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.OrderResult;
import org.junit.jupiter.api.Test;

/** Fans, brake and thermistor. */
class HeatTest {
  /** A board that runs with its heat sink at a temperature. */
  private static Bench at(int decidegrees) {
    Bench bench = Bench.in(BoardState.RUN);
    bench.board.inject(Injection.SINK_DC, decidegrees);
    bench.board.step(60_000); // fans fall slowly
    return bench;
  }

  @Test
  void theDutyFollowsTheCurve() {
    int[][] curve = {{200, 30}, {400, 30}, {500, 47}, {600, 65}, {700, 82}, {800, 100}, {900, 100}};
    for (int[] point : curve) {
      try (Bench bench = at(point[0])) {
        assertEquals(point[1], bench.value(SimValue.FAN_PCT), point[0] + " dC");
      }
    }
  }

  @Test
  void fansRiseAtOnceAndFallSlowly() {
    try (Bench bench = at(500)) {
      bench.board.inject(Injection.SINK_DC, 800);
      bench.board.step(2);
      assertEquals(100, bench.value(SimValue.FAN_PCT));
      bench.board.inject(Injection.SINK_DC, 200);
      bench.board.step(10_000);
      assertEquals(80, bench.value(SimValue.FAN_PCT), 1, "2 % in a second");
      bench.board.step(30_000);
      assertEquals(30, bench.value(SimValue.FAN_PCT));
    }
  }

  @Test
  void theHostMayAskForMoreAndNeverForLess() {
    try (Bench bench = at(600)) {
      bench.order(Bench.FAN, 90);
      bench.board.step(1);
      assertEquals(90, bench.value(SimValue.FAN_PCT));
      bench.order(Bench.FAN, 0);
      bench.board.step(60_000);
      assertEquals(65, bench.value(SimValue.FAN_PCT));
    }
  }

  @Test
  void fansFollowWhatTheHostKnowsAsLongAsThatIsFresh() {
    try (Bench bench = at(300)) {
      bench.order(Bench.HEARTBEAT, 800);
      bench.board.step(1);
      assertEquals(100, bench.value(SimValue.FAN_PCT));
      bench.order(Bench.GOODBYE);
      bench.board.step(4_990);
      assertEquals(100, bench.value(SimValue.FAN_PCT));
      bench.board.step(10_000);
      assertEquals(80, bench.value(SimValue.FAN_PCT), 1, "old news");
    }
  }

  @Test
  void theBrakeHasAHysteresis() {
    try (Bench bench = at(845)) {
      assertFalse(bench.on(SimValue.THROTTLE));
      bench.board.inject(Injection.SINK_DC, 851);
      bench.board.step(2);
      assertTrue(bench.on(SimValue.THROTTLE));
      bench.board.inject(Injection.SINK_DC, 805);
      bench.board.step(5000);
      assertTrue(bench.on(SimValue.THROTTLE));
      bench.board.inject(Injection.SINK_DC, 799);
      bench.board.step(2);
      assertFalse(bench.on(SimValue.THROTTLE));
    }
  }

  @Test
  void aFaultOfHeatCoolsUntilItIsReset() {
    try (Bench bench = Bench.faulted(Injection.SINK_DC, 960)) {
      bench.isFaulted(BoardFault.HOT);
      bench.board.inject(Injection.SINK_DC, 300);
      bench.board.step(60_000);
      assertEquals(100, bench.value(SimValue.FAN_PCT));
      assertEquals(OrderResult.DONE, bench.order(Bench.RESET_FAULT));
      bench.board.step(60_000);
      assertEquals(30, bench.value(SimValue.FAN_PCT));
    }
  }

  @Test
  void aLostThermistorCountsAsHot() {
    for (int reading : new int[] {-1000, 2000}) {
      try (Bench bench = at(300)) {
        bench.board.inject(Injection.SENSOR_DC, reading);
        bench.board.step(2);
        assertEquals(100, bench.value(SimValue.FAN_PCT));
        assertTrue(bench.on(SimValue.THROTTLE));
        bench.board.step(50);
        assertEquals(BoardState.RUN, bench.board.state());
        bench.until(BoardState.FAULT, 60);
        bench.isFaulted(BoardFault.SENSOR_LOST);
        bench.board.step(200);
        assertEquals(OrderResult.REFUSED_CAUSE, bench.order(Bench.RESET_FAULT));
        bench.board.heal(Injection.SENSOR_DC);
        bench.board.step(200);
        assertEquals(OrderResult.DONE, bench.order(Bench.RESET_FAULT));
      }
    }
  }

  @Test
  void aFanThatStandsIsSeenWhicheverItIs() {
    for (Injection fan : new Injection[] {Injection.FAN_0_STILL, Injection.FAN_1_STILL}) {
      try (Bench bench = at(300)) {
        bench.board.inject(fan, 0);
        int began = 0;
        while (!bench.on(SimValue.THROTTLE)) {
          bench.board.step(1);
          began++;
          assertTrue(began < 5000);
        }
        assertEquals(2500, began, 500, "it runs down, and is silent for 2 s");
        assertEquals(100, bench.value(SimValue.FAN_PCT));
        int took = began + bench.until(BoardState.FAULT, 9000);
        bench.isFaulted(BoardFault.FAN_STILL);
        assertEquals(8000, took - began, 2);
        System.out.printf("%s: throttled after %d ms, off after %d ms%n", fan, began, took);
        bench.board.step(1000);
        assertEquals(OrderResult.REFUSED_CAUSE, bench.order(Bench.RESET_FAULT));
        bench.board.heal(fan);
        bench.board.step(1000);
        assertEquals(OrderResult.DONE, bench.order(Bench.RESET_FAULT));
      }
    }
  }

  @Test
  void aFanThatNeverTurnedIsSeenToo() {
    try (Bench bench = Bench.off()) {
      bench.board.inject(Injection.FAN_0_STILL, 0);
      bench.board.step(60_000);
      bench.order(Bench.ON);
      bench.until(BoardState.FAULT, 11_000);
      bench.isFaulted(BoardFault.FAN_STILL);
    }
  }

  @Test
  void fansWithoutPowerMayStand() {
    try (Bench bench = Bench.off()) {
      bench.board.inject(Injection.PSU_LOST, 0);
      bench.board.step(60_000);
      bench.board.inject(Injection.FAN_0_STILL, 0); // one that starts late
      bench.board.heal(Injection.PSU_LOST);
      bench.order(Bench.ON);
      bench.board.step(1500);
      bench.board.heal(Injection.FAN_0_STILL);
      bench.board.step(20_000);
      assertEquals(BoardState.RUN, bench.board.state());
    }
  }

  /** What cannot be cooled any more is throttled, and then off. */
  @Test
  void aLoadBeyondTheFansEndsInASafeState() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      bench.board.inject(Injection.LOAD_W, 500);
      while (!bench.on(SimValue.THROTTLE)) {
        bench.board.step(1);
      }
      bench.board.step(600_000);
      assertEquals(BoardState.RUN, bench.board.state(), "half of it can be cooled");
      bench.board.inject(Injection.LOAD_W, 1500);
      bench.until(BoardState.FAULT, 600_000);
      bench.isFaulted(BoardFault.HOT);
    }
  }
}
