package io.solebox.bench.load;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked of a run.
 *
 * @param solebox how the command line is called
 * @param guide the model that answers
 * @param pause of a client between what it does, on average
 * @param legs parts after the warm-up; the server is looked into after each
 */
record Options(
    List<String> solebox,
    String guide,
    Path out,
    int connections,
    int parallel,
    Duration length,
    Duration warmUp,
    Duration pause,
    int legs,
    long seed) {
  static final String USAGE =
      """
      usage: bench/load [--minutes 5 | --seconds N] [--connections 64] [--pause MILLISECONDS] [--out FOLDER]
        --minutes N        how long, after the warm-up
        --seconds N        the same in seconds
        --warm-up SECONDS  before the first look; default: a fifth of the time, at most 120 s
        --connections N    clients at once
        --pause MS         between what a client does, on average; default 0
        --parallel N       longest sequences that the server computes at once; default 16
        --legs N           looks into the server after the warm-up; default 5
        --seed N           of what clients do
        --model NAME       the model that answers; default: the one that is built in
        --out FOLDER       for the report, the plot and the server's log; default target/load
        -- COMMAND...      how Solebox is called; default ./solebox\
      """;

  /**
   * @throws IllegalArgumentException that says what is wrong
   */
  static Options parse(List<String> arguments) {
    int split = arguments.indexOf("--");
    List<String> own = split < 0 ? arguments : arguments.subList(0, split);
    List<String> solebox =
        split < 0 ? List.of("./solebox") : arguments.subList(split + 1, arguments.size());
    var read = new Read(own);
    double minutes = read.number("--minutes", 5);
    double seconds = read.number("--seconds", minutes * 60);
    if (seconds < 1) {
      throw new IllegalArgumentException("--minutes and --seconds must be at least a second");
    }
    var options =
        new Options(
            solebox,
            read.text("--model", "solebox-guide"),
            Path.of(read.text("--out", "target/load")),
            (int) read.number("--connections", 64),
            (int) read.number("--parallel", 16),
            millis(seconds * 1000),
            millis(read.number("--warm-up", Math.min(120, seconds / 5)) * 1000),
            millis(read.number("--pause", 0)),
            (int) read.number("--legs", 5),
            (long) read.number("--seed", 1));
    read.requireAllKnown();
    if (options.solebox.isEmpty()) {
      throw new IllegalArgumentException("-- is followed by no command");
    }
    for (String positive : List.of("--connections", "--parallel", "--legs")) {
      if (read.number(positive, 1) < 1) {
        throw new IllegalArgumentException(positive + " must be at least 1");
      }
    }
    return options;
  }

  private static Duration millis(double value) {
    return Duration.ofMillis((long) value);
  }

  /** Options as pairs of names and values. */
  private static final class Read {
    private final List<String> arguments;
    private final List<String> known = new ArrayList<>();

    Read(List<String> arguments) {
      this.arguments = arguments;
    }

    String text(String name, String otherwise) {
      known.add(name);
      int at = arguments.indexOf(name);
      if (at < 0) {
        return otherwise;
      }
      if (at + 1 == arguments.size()) {
        throw new IllegalArgumentException(name + " has no value");
      }
      return arguments.get(at + 1);
    }

    double number(String name, double otherwise) {
      String text = text(name, "");
      try {
        double value = text.isEmpty() ? otherwise : Double.parseDouble(text);
        if (!(value >= 0 && value <= 1e9)) {
          throw new NumberFormatException();
        }
        return value;
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(name + " is no number from 0 on: " + text, e);
      }
    }

    void requireAllKnown() {
      for (int i = 0; i < arguments.size(); i += 2) {
        if (!known.contains(arguments.get(i))) {
          throw new IllegalArgumentException("there is no option " + arguments.get(i));
        }
      }
    }
  }
}
