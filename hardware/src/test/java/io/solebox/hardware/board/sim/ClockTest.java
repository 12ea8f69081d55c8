package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.BoardEvent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The board's clock wraps after 49.7 days, and nothing may notice. */
class ClockTest {
  /** What a busy quarter of an hour comes to. */
  private static List<BoardEvent> life(int clockMillis) {
    List<BoardEvent> events = new ArrayList<>();
    try (Bench bench = Bench.at(7, clockMillis)) {
      for (int i = 0; i < 900; i++) {
        bench.board.run(1000);
        bench.events().stream().filter(e -> e.number() > events.size()).forEach(events::add);
      }
    }
    return events;
  }

  @Test
  void aLifeIsTheSameWheneverTheClockWraps() {
    List<BoardEvent> usual = life(0);
    assertTrue(usual.size() > 100, "events: " + usual.size());
    for (int before : new int[] {1, 2, 30, 157, 1000, 5500, 60_123, 300_000, 600_000}) {
      assertEquals(usual, life(-before), before + " ms before the clock wraps");
    }
  }
}
