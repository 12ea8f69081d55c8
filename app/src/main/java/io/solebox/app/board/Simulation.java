package io.solebox.app.board;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.board.BoardEvent;
import io.solebox.hardware.board.line.LineTrouble;
import io.solebox.hardware.board.sim.PlayedBoard;
import io.solebox.hardware.board.sim.SimValue;
import io.solebox.hardware.board.sim.SimulatedBoard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** A simulated board that goes on, with what was planned for it. For one thread. */
final class Simulation {
  /** How much time has to be left out anew until that is worth a word. */
  private static final Duration WORTH_A_WORD = Duration.ofSeconds(1);

  /**
   * What is to happen.
   *
   * @param millis since the board's power came
   * @param words as {@link SimulatedWords} has them
   */
  record Planned(long millis, String words) {}

  private final PlayedBoard played;
  private final SimulatedWords words;
  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>((a, b) -> Long.compare(a.millis(), b.millis()));
  private long told;
  private Duration leftOut = Duration.ZERO;

  Simulation(PlayedBoard played, List<Planned> planned) {
    this.played = played;
    this.words = new SimulatedWords(played.board());
    this.plan.addAll(planned);
  }

  SimulatedBoard board() {
    return played.board();
  }

  /** Goes on for a moment. */
  void turn() {
    try {
      played.turn();
    } catch (LineTrouble e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          played.device().toString(),
          "The simulated board is cut off: " + e.getMessage() + ".",
          "Start it again.",
          e);
    }
    while (!plan.isEmpty() && plan.peek().millis() <= board().value(SimValue.STEPS)) {
      String next = plan.remove().words();
      words.hear(next);
    }
  }

  /** What is wrong with the words, if something is. */
  Optional<String> hear(String line) {
    return words.hear(line);
  }

  /** Events that were not given out yet. */
  List<BoardEvent> news() {
    List<BoardEvent> events = new ArrayList<>();
    long last = board().value(SimValue.LAST_EVENT);
    for (long number = told + 1; number <= last; number++) {
      board().event((int) number).ifPresent(events::add);
    }
    told = last;
    return events;
  }

  /** Time that it did not live through, where that has grown. */
  Optional<Duration> newlyLeftOut() {
    Duration more = played.leftOut().minus(leftOut);
    if (more.compareTo(WORTH_A_WORD) < 0) {
      return Optional.empty();
    }
    leftOut = played.leftOut();
    return Optional.of(more);
  }

  /** One event as a line. */
  static String line(BoardEvent event) {
    String what =
        event.from() == event.to()
            ? event.to().word()
            : event.from().word() + " → " + event.to().word();
    return Words.format(
        "%10.3f s  %-24s %s", event.at().toMillis() / 1000.0, what, Words.reason(event));
  }
}
