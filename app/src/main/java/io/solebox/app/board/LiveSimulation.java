package io.solebox.app.board;

import io.solebox.app.console.Screen;
import io.solebox.app.console.Table;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.sim.SimValue;
import io.solebox.hardware.board.sim.SimulatedBoard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A simulated board that fills a terminal, with a line to type into. */
final class LiveSimulation {
  private static final int REMEMBERED = 12;
  private static final int LONGEST = 60;
  private static final long DRAW_NANOS = 100_000_000;

  private final Simulation simulation;
  private final String heading;
  private final Deque<String> said = new ArrayDeque<>();
  private final StringBuilder typed = new StringBuilder();
  private final AtomicBoolean ended = new AtomicBoolean();

  LiveSimulation(Simulation simulation, String heading) {
    this.simulation = simulation;
    this.heading = heading;
  }

  void run() {
    try (Screen screen = Screen.open()) {
      screen.onInterrupt(() -> ended.set(true));
      long drawn = System.nanoTime() - DRAW_NANOS;
      while (!ended.get()) {
        simulation.turn();
        simulation.news().forEach(event -> say(Simulation.line(event)));
        simulation
            .newlyLeftOut()
            .ifPresent(time -> say("left out " + Words.time(time) + ": this machine stood still"));
        type(screen.key(1));
        if (System.nanoTime() - drawn >= DRAW_NANOS) {
          drawn = System.nanoTime();
          screen.show(lines());
        }
      }
    }
  }

  private void say(String line) {
    said.addLast(line);
    while (said.size() > REMEMBERED) {
      said.removeFirst();
    }
  }

  private void type(Screen.Key key) {
    switch (key) {
      case Screen.Key.None _ -> {}
      case Screen.Key.Over _ -> ended.set(true);
      case Screen.Key.Pressed(char character) -> {
        // In raw mode some terminals send Ctrl-C as a key; Ctrl-D ends, too.
        if (character == '\u0003' || character == '\u0004') {
          ended.set(true);
        } else if (character == '\r' || character == '\n') {
          String line = typed.toString().strip();
          typed.setLength(0);
          entered(line);
        } else if (character == '\b' || character == '\u007f') {
          typed.setLength(Math.max(0, typed.length() - 1));
        } else if (character >= ' ' && character < '\u007f' && typed.length() < LONGEST) {
          typed.append(character);
        }
      }
    }
  }

  private void entered(String line) {
    switch (line) {
      case "" -> {}
      case "quit" -> ended.set(true);
      case "help" -> Table.lines(SimulatedWords.HELP).forEach(this::say);
      default -> {
        say("> " + line);
        Optional<String> wrong = simulation.hear(line);
        wrong.ifPresent(this::say);
      }
    }
  }

  private List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(heading);
    lines.add("'help' says what can be done to it; Ctrl-C ends.");
    lines.add("");
    lines.addAll(values(simulation.board()));
    lines.add("");
    lines.addAll(said);
    lines.add("");
    lines.add("> " + typed + "_");
    return lines;
  }

  private static List<String> values(SimulatedBoard board) {
    BoardFault fault = board.fault();
    return List.of(
        "%-10s  %s"
            .formatted(
                board.state().name(),
                fault == BoardFault.NONE ? "" : fault.name() + ": " + fault.words()),
        "12 V %s   3.3 V aux %s   core %s"
            .formatted(
                Words.volts((int) board.value(SimValue.REAL_12V)),
                Words.volts((int) board.value(SimValue.REAL_AUX)),
                Words.volts((int) board.value(SimValue.REAL_CORE))),
        "heat sink %s   fans %d %%: %d, %d rpm"
            .formatted(
                Words.celsius(board.value(SimValue.SINK) / 10.0),
                board.value(SimValue.FAN_PCT),
                board.value(SimValue.RPM_0),
                board.value(SimValue.RPM_1)),
        "aux %s   core %s   module %s   PERST# %s   throttle %s   light %s"
            .formatted(
                onOff(board, SimValue.EN_AUX),
                onOff(board, SimValue.EN_CORE),
                onOff(board, SimValue.EN_MODULE),
                board.value(SimValue.PERST_N) == 0 ? "asserted" : "released",
                onOff(board, SimValue.THROTTLE),
                board.value(SimValue.LED) == 0 ? "○" : "●"));
  }

  private static String onOff(SimulatedBoard board, SimValue value) {
    return board.value(value) == 0 ? "off" : "on";
  }
}
