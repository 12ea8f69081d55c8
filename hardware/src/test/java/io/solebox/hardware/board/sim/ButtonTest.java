package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardEvent.Cause;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The button and the light. */
class ButtonTest {
  private static final Duration SHORT = Duration.ofMillis(100);
  private static final Duration LONG = Duration.ofMillis(4100);

  private static void press(Bench bench, Duration time) {
    bench.board.press(time);
    bench.board.step((int) time.toMillis() + 60);
  }

  @Test
  void aShortPressTurnsOnAndThenAsksToStop() {
    try (Bench bench = Bench.off()) {
      press(bench, SHORT);
      bench.until(BoardState.RUN, 500);
      assertEquals(Cause.BUTTON, bench.events().get(1).cause());
      press(bench, SHORT);
      assertEquals(BoardState.STOPPING, bench.board.state());
      assertEquals(
          1, bench.value(SimValue.PERST_N), "the module goes on until the host has stopped");
      press(bench, SHORT);
      assertEquals(BoardState.STOPPING, bench.board.state());
    }
  }

  @Test
  void aBounceIsNoPress() {
    try (Bench bench = Bench.off()) {
      for (int i = 0; i < 50; i++) {
        bench.board.press(Duration.ofMillis(19));
        bench.board.step(25);
      }
      assertEquals(BoardState.OFF, bench.board.state());
      assertEquals(1, bench.value(SimValue.LAST_EVENT));
    }
  }

  @Test
  void aLongPressTurnsOffFromAnything() {
    for (BoardState state : List.of(BoardState.RUN, BoardState.STOPPING)) {
      try (Bench bench = Bench.in(state)) {
        bench.board.step(200);
        bench.board.press(LONG);
        assertEquals(4020, bench.until(BoardState.POWER_DOWN, 4100), 2);
        bench.until(BoardState.OFF, 100);
        bench.board.step(1000);
        assertEquals(BoardState.OFF, bench.board.state(), "letting go is no press");
      }
    }
    try (Bench bench = Bench.off()) {
      bench.board.press(LONG);
      bench.board.step(3950);
      bench.board.inject(Injection.PSU_LOST, 0);
      bench.board.step(20);
      bench.order(Bench.ON);
      bench.board.step(5);
      assertEquals(BoardState.WAIT_12V, bench.board.state());
      bench.until(BoardState.OFF, 100);
      assertEquals(Cause.BUTTON, bench.lastEvent().cause());
    }
  }

  @Test
  void aLongPressResetsAFaultWhoseCauseIsGone() {
    try (Bench bench = Bench.faulted(Injection.SINK_DC, 960)) {
      press(bench, LONG);
      bench.isFaulted(BoardFault.HOT);
      bench.board.inject(Injection.SINK_DC, 300);
      press(bench, SHORT);
      bench.isFaulted(BoardFault.HOT);
      press(bench, LONG);
      assertEquals(BoardState.OFF, bench.board.state());
      assertEquals(BoardFault.NONE, bench.board.fault());
    }
  }

  @Test
  void aButtonThatIsHeldWhenPowerComesAsksForNothing() {
    try (Bench bench = Bench.at(1, 0)) {
      bench.board.press(Duration.ofSeconds(20));
      bench.board.step(30_000);
      assertEquals(BoardState.OFF, bench.board.state());
      press(bench, SHORT);
      bench.until(BoardState.RUN, 500);
    }
  }

  /** Lengths of light in turn, in milliseconds, over some time. */
  private static List<Integer> lights(Bench bench, int millis) {
    List<Integer> lengths = new ArrayList<>();
    int length = 0;
    for (int i = 0; i < millis; i++) {
      bench.board.step(1);
      if (bench.on(SimValue.LED)) {
        length++;
      } else if (length > 0) {
        lengths.add(length);
        length = 0;
      }
    }
    return lengths;
  }

  @Test
  void aFaultBlinksItsNumber() {
    try (Bench bench = Bench.faulted(Injection.SINK_DC, 960)) { // 13
      bench.board.step(3600); // it begins with the step that tripped
      assertEquals(List.of(800, 200, 200, 200), lights(bench, 4100));
    }
    try (Bench bench = Bench.faulted(Injection.CORE_MV, 700)) { // 9
      assertEquals(9, lights(bench, 5900).size());
    }
  }

  @Test
  void theLightTellsTheState() {
    try (Bench off = Bench.off();
        Bench runs = Bench.in(BoardState.RUN);
        Bench stops = Bench.in(BoardState.STOPPING)) {
      assertEquals(List.of(), lights(off, 5000));
      assertTrue(lights(runs, 5000).isEmpty() && runs.on(SimValue.LED), "steady");
      assertEquals(3, lights(stops, 6000).size());
    }
  }
}
