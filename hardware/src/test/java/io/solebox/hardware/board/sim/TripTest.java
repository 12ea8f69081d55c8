package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What trips, from every state in which it can, and how soon. */
class TripTest {
  private static final Set<BoardState> ALL = EnumSet.range(BoardState.OFF, BoardState.CYCLE);
  private static final Set<BoardState> AUX =
      EnumSet.range(BoardState.RAMP_AUX, BoardState.STOPPING);
  private static final Set<BoardState> CORE =
      EnumSet.range(BoardState.RAMP_CORE, BoardState.STOPPING);
  private static final Set<BoardState> UP =
      EnumSet.range(BoardState.HOLD_RESET, BoardState.STOPPING);

  /** What lasts longer than a thermistor is given. */
  private static final Set<BoardState> LASTING =
      EnumSet.of(
          BoardState.OFF,
          BoardState.WAIT_12V,
          BoardState.RAMP_AUX,
          BoardState.RUN,
          BoardState.STOPPING,
          BoardState.CYCLE);

  /**
   * @param states in which it trips
   * @param soon milliseconds from the condition to everything off, at most
   */
  record Condition(Injection what, int value, BoardFault fault, Set<BoardState> states, int soon) {}

  static Stream<Condition> conditions() {
    return Stream.of(
        new Condition(Injection.SINK_DC, 960, BoardFault.HOT, ALL, 3),
        new Condition(Injection.THERMTRIP, 0, BoardFault.THERMTRIP, ALL, 3),
        new Condition(Injection.SENSOR_DC, -1000, BoardFault.SENSOR_LOST, LASTING, 101),
        new Condition(Injection.SENSOR_DC, 2000, BoardFault.SENSOR_LOST, LASTING, 101),
        new Condition(Injection.PSU_LOST, 0, BoardFault.PSU_LOST, AUX, 3),
        new Condition(Injection.V12_MV, 10_900, BoardFault.V12_LOW, AUX, 3),
        new Condition(Injection.V12_MV, 13_100, BoardFault.V12_HIGH, AUX, 3),
        new Condition(Injection.AUX_MV, 2950, BoardFault.AUX_LOW, CORE, 3),
        new Condition(Injection.AUX_MV, 3650, BoardFault.AUX_HIGH, AUX, 3),
        new Condition(Injection.CORE_MV, 700, BoardFault.CORE_LOW, UP, 3),
        new Condition(Injection.CORE_MV, 880, BoardFault.CORE_HIGH, AUX, 3),
        new Condition(Injection.VRM_LOST, 0, BoardFault.VRM_LOST, UP, 3));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void tripsFromEveryState(Condition condition) {
    StringBuilder times = new StringBuilder();
    for (BoardState state : condition.states()) {
      try (Bench bench = Bench.in(state)) {
        bench.board.inject(condition.what(), condition.value());
        int took = bench.until(BoardState.FAULT, condition.soon());
        bench.isFaulted(condition.fault());
        assertEquals(state, bench.lastEvent().from());
        times.append(" %s %d ms".formatted(state, took));
      }
    }
    System.out.printf("%s at %d from%s%n", condition.fault(), condition.value(), times);
  }

  @Test
  void anEmergencyStopTakesNoLongerThanAStep() {
    for (BoardState state : ALL) {
      try (Bench bench = Bench.in(state)) {
        bench.order(Bench.EMERGENCY_STOP);
        bench.board.step(1);
        bench.isFaulted(BoardFault.EMERGENCY_STOP);
        assertEquals(state, bench.lastEvent().from());
      }
    }
  }

  @Test
  void whatFeedsTheModuleTripsWhileItPowersDown() {
    for (Injection what : new Injection[] {Injection.PSU_LOST, Injection.SINK_DC}) {
      try (Bench bench = Bench.in(BoardState.RUN)) {
        bench.order(Bench.OFF);
        bench.board.inject(what, what == Injection.SINK_DC ? 960 : 0);
        assertTrue(bench.until(BoardState.FAULT, 3) <= 3);
        assertTrue(bench.isSafe());
      }
    }
  }

  @Test
  void whatWasMeasuredStandsInTheLog() {
    try (Bench bench = Bench.faulted(Injection.CORE_MV, 700)) {
      assertEquals(700, bench.lastEvent().value(), 4);
    }
    try (Bench bench = Bench.faulted(Injection.SINK_DC, 961)) {
      assertEquals(961, bench.lastEvent().value());
    }
    try (Bench bench = Bench.faulted(Injection.FAN_1_STILL, 0)) {
      assertEquals(2, bench.lastEvent().value(), "the second fan");
    }
  }

  /** Each reading is wrong for one sample, in each state, at each of several moments. */
  @ParameterizedTest
  @MethodSource("conditions")
  void oneWrongSampleTripsNothing(Condition condition) {
    int value = condition.what() == Injection.SINK_DC ? 960 : condition.value();
    Injection reading =
        condition.what() == Injection.SINK_DC ? Injection.SENSOR_DC : condition.what();
    for (BoardState state : ALL) {
      try (Bench with = Bench.in(state);
          Bench without = Bench.in(state)) {
        for (int i = 0; i < 20; i++) {
          with.board.glitch(reading, value, 1);
          with.board.step(2);
          without.board.step(2);
          assertEquals(without.board.fault(), with.board.fault(), state + " " + i);
          assertEquals(without.value(SimValue.FAN_PCT), with.value(SimValue.FAN_PCT));
        }
      }
    }
  }
}
