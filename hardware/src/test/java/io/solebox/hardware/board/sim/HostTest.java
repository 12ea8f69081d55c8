package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardEvent.Cause;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import io.solebox.hardware.board.OrderResult;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;

/** Heartbeats, and what each order does in each state. */
class HostTest {
  private static void beat(Bench bench, int seconds) {
    for (int i = 0; i < seconds; i++) {
      assertEquals(OrderResult.DONE, bench.order(Bench.HEARTBEAT, 450));
      bench.board.step(1000);
    }
  }

  @Test
  void aHostThatFallsSilentIsLateAndThenAFault() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      beat(bench, 30);
      bench.board.step(3990);
      assertFalse(bench.on(SimValue.THROTTLE));
      bench.board.step(10);
      assertTrue(bench.on(SimValue.THROTTLE), "late after 5 s");
      assertEquals(100, bench.value(SimValue.FAN_PCT));
      int took = 5000 + bench.until(BoardState.FAULT, 10_010);
      assertEquals(15_000, took);
      bench.isFaulted(BoardFault.HOST_SILENT);
      System.out.printf("HOST_SILENT %d ms after the last heartbeat%n", took);
      assertEquals(OrderResult.REFUSED_CAUSE, bench.order(Bench.RESET_FAULT), "not discharged yet");
      bench.board.step(100);
      assertEquals(OrderResult.DONE, bench.order(Bench.RESET_FAULT));
    }
  }

  @Test
  void aHostThatComesBackInTimeIsForgiven() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      beat(bench, 3);
      bench.board.step(13_000);
      assertTrue(bench.on(SimValue.THROTTLE));
      beat(bench, 1);
      assertFalse(bench.on(SimValue.THROTTLE));
      assertEquals(BoardState.RUN, bench.board.state());
    }
  }

  @Test
  void nobodyIsExpectedWhoNeverSpokeOrSaidGoodbye() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      bench.board.step(60_000);
      assertEquals(BoardState.RUN, bench.board.state());
      beat(bench, 3);
      assertEquals(OrderResult.DONE, bench.order(Bench.GOODBYE));
      assertEquals(OrderResult.ALREADY, bench.order(Bench.GOODBYE));
      bench.board.step(60_000);
      assertEquals(BoardState.RUN, bench.board.state());
    }
  }

  @Test
  void whileTheModuleIsOffNobodyIsExpected() {
    try (Bench bench = Bench.off()) {
      beat(bench, 3);
      bench.board.step(60_000);
      assertEquals(BoardState.OFF, bench.board.state());
      bench.order(Bench.ON);
      bench.board.step(60_000);
      assertEquals(BoardState.RUN, bench.board.state(), "beats of before power expect nothing");
    }
  }

  @Test
  void aHostThatWasAskedToStopMayFallSilent() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      beat(bench, 3);
      bench.board.press(Duration.ofMillis(100));
      bench.until(BoardState.STOPPING, 300);
      bench.until(BoardState.OFF, 16_000);
      assertEquals(Cause.TIMEOUT, bench.events().get(bench.events().size() - 2).cause());
    }
  }

  @Test
  void aHostThatWasAskedToStopAndDoesNotIsTurnedOff() {
    try (Bench bench = Bench.in(BoardState.STOPPING)) {
      int took = bench.until(BoardState.POWER_DOWN, 120_010);
      assertEquals(120_000, took, 1);
      assertEquals(Cause.TIMEOUT, bench.lastEvent().cause());
    }
  }

  @Test
  void eachOrderInEachState() {
    OrderResult done = OrderResult.DONE;
    OrderResult already = OrderResult.ALREADY;
    OrderResult state = OrderResult.REFUSED_STATE;
    OrderResult fault = OrderResult.REFUSED_FAULT;
    // OFF, WAIT_12V, RAMP_AUX, RAMP_CORE, HOLD_RESET, RUN, STOPPING, POWER_DOWN, CYCLE, FAULT
    results(
        Bench.ON, done, already, already, already, already, already, state, state, already, fault);
    results(Bench.OFF, already, done, done, done, done, done, done, already, done, already);
    results(Bench.CYCLE, state, state, done, done, done, done, done, state, already, fault);
    results(
        Bench.RESET_FAULT,
        already,
        already,
        already,
        already,
        already,
        already,
        already,
        already,
        already,
        done);
    results(Bench.EMERGENCY_STOP, done, done, done, done, done, done, done, done, done, already);
    results(Bench.HEARTBEAT, done, done, done, done, done, done, done, done, done, done);
    results(0x42, Collections.nCopies(10, OrderResult.UNKNOWN_ORDER).toArray(OrderResult[]::new));
  }

  private static void results(int order, OrderResult... expected) {
    for (int i = 0; i < expected.length; i++) {
      BoardState state = BoardState.values()[i];
      try (Bench bench = Bench.in(state)) {
        assertEquals(expected[i], bench.order(order), "%x in %s".formatted(order, state));
        bench.board.step(2000);
      }
    }
  }

  @Test
  void offDuringACyclesWayDownEndsTheCycle() {
    try (Bench bench = Bench.in(BoardState.RUN)) {
      bench.order(Bench.CYCLE);
      bench.board.step(3);
      assertEquals(OrderResult.ALREADY, bench.order(Bench.CYCLE));
      assertEquals(OrderResult.ALREADY, bench.order(Bench.ON));
      assertEquals(OrderResult.DONE, bench.order(Bench.OFF));
      bench.board.step(5000);
      assertEquals(BoardState.OFF, bench.board.state());
    }
  }

  @Test
  void argumentsOutOfRangeAreRefused() {
    try (Bench bench = Bench.off()) {
      assertEquals(OrderResult.BAD_ARGUMENT, bench.order(Bench.FAN, 101));
      assertEquals(OrderResult.BAD_ARGUMENT, bench.order(Bench.FAN, -1));
      assertEquals(OrderResult.BAD_ARGUMENT, bench.order(Bench.HEARTBEAT, 1501));
      assertEquals(OrderResult.BAD_ARGUMENT, bench.order(Bench.HEARTBEAT, -401));
      assertEquals(OrderResult.DONE, bench.order(Bench.HEARTBEAT, Bench.NO_TEMPERATURE));
      assertEquals(OrderResult.DONE, bench.order(Bench.FAN, 100));
      assertEquals(OrderResult.ALREADY, bench.order(Bench.FAN, 100));
    }
  }
}
