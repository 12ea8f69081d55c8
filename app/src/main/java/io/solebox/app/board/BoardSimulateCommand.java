package io.solebox.app.board;

import io.solebox.app.board.Simulation.Planned;
import io.solebox.app.console.Console;
import io.solebox.app.console.LineSource;
import io.solebox.app.console.StopWish;
import io.solebox.app.console.Table;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.line.LineTrouble;
import io.solebox.hardware.board.line.Pty;
import io.solebox.hardware.board.sim.PlayedBoard;
import io.solebox.hardware.board.sim.SimulatedBoard;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Stands in for a board. */
@Command(
    name = "simulate",
    description =
        "Run the board's own firmware, without a board, behind a serial port that other commands"
            + " and servers can use. Lines on stdin change what it measures; 'help' says how.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BoardSimulateCommand implements Callable<Integer> {
  private static final double SLOWEST = 0.01;
  private static final double FASTEST = 1000;

  private final Console console;

  @Spec private CommandSpec spec;

  private Optional<Path> link = Optional.empty();
  private final List<Planned> planned = new ArrayList<>();

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many of its seconds pass in one; default: ${DEFAULT-VALUE}.")
  private double speed;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the noise in what it measures; default: ${DEFAULT-VALUE}.")
  private long seed;

  BoardSimulateCommand(Console console) {
    this.console = console;
  }

  @Option(
      names = "--link",
      paramLabel = "PATH",
      description = "A name for the port as long as it is there.")
  void link(Path path) {
    link = Optional.of(path);
  }

  @Option(
      names = "--inject",
      paramLabel = "WORDS@SECONDS",
      description =
          "Do something to it so many of its seconds after it began, as in 'hot 96@20'; may be"
              + " given several times.")
  void inject(List<String> all) {
    for (String each : all) {
      int at = each.lastIndexOf('@');
      if (at <= 0
          || !each.substring(at + 1).matches("\\d{1,7}(\\.\\d{1,3})?")
          || !SimulatedWords.isKnown(each.substring(0, at))) {
        throw new ParameterException(
            spec.commandLine(), "--inject is %s, and not as in 'hot 96@20'".formatted(each));
      }
      long millis = Math.round(1000 * Double.parseDouble(each.substring(at + 1)));
      planned.add(new Planned(millis, each.substring(0, at)));
    }
  }

  @Override
  public Integer call() {
    if (!(speed >= SLOWEST && speed <= FASTEST)) {
      throw new ParameterException(spec.commandLine(), "--speed must be from 0.01 to 1000.");
    }
    try (PlayedBoard played = new PlayedBoard(board(), port(), speed, System::nanoTime)) {
      if (link.isEmpty()) {
        play(played, played.device());
      } else {
        try (DeviceLink _ = DeviceLink.make(link.get().toAbsolutePath(), played.device())) {
          play(played, link.get().toAbsolutePath());
        }
      }
    }
    return ExitCode.OK;
  }

  private SimulatedBoard board() {
    return switch (SimulatedBoard.start(seed, 0)) {
      case Said.Yes<SimulatedBoard>(var started) -> started;
      case Said.No<SimulatedBoard>(var why) ->
          throw new SoleboxException(
              ErrorCode.DEVICE_UNAVAILABLE,
              "simulated board",
              why,
              "It is the firmware's own library, which building Solebox makes.");
    };
  }

  private static Pty port() {
    try {
      return Pty.open();
    } catch (LineTrouble e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          "pseudo terminal",
          "There is none: " + e.getMessage() + ".",
          "Mount /dev/pts, or run this where it is.",
          e);
    }
  }

  private void play(PlayedBoard played, Path device) {
    Simulation simulation = new Simulation(played, planned);
    String place = "uart:" + device;
    if (console.inIsTerminal() && console.outIsTerminal()) {
      new LiveSimulation(simulation, "A simulated board at " + place).run();
    } else {
      console.println("A simulated board is at " + place + ".");
      console.println("Try: solebox board status --at " + place);
      lines(simulation);
    }
  }

  private void lines(Simulation simulation) {
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofVirtual().name("simulated-words").start(() -> read(lines));
    try (StopWish stop = StopWish.ofCtrlC()) {
      boolean ended = false;
      while (!ended && !stop.isWished()) {
        simulation.turn();
        simulation.news().forEach(event -> console.println(Simulation.line(event)));
        simulation
            .newlyLeftOut()
            .ifPresent(
                time ->
                    console.error(
                        "note: this machine stood still for %s, which the board left out"
                            .formatted(Words.time(time))));
        Optional<String> line = Optional.ofNullable(lines.poll());
        ended = line.filter("quit"::equals).isPresent();
        line.filter(each -> !each.equals("quit")).ifPresent(each -> hear(simulation, each));
      }
    }
  }

  /** To the end of stdin, at which a board in the background goes on. */
  private void read(BlockingQueue<String> lines) {
    try (LineSource source = LineSource.piped(console)) {
      while (source.read() instanceof LineSource.Line.Text(String text)) {
        if (!text.isBlank()) {
          lines.add(text.strip());
        }
      }
    }
  }

  private void hear(Simulation simulation, String line) {
    if (line.equals("help")) {
      Table.lines(SimulatedWords.HELP).forEach(console::println);
    } else {
      simulation.hear(line).ifPresent(wrong -> console.error("solebox: " + wrong));
    }
  }
}
