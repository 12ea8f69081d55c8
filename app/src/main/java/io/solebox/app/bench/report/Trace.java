package io.solebox.app.bench.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the machine's sensors said during the run, and how fast it computed.
 *
 * @param stages in their order
 * @param lines a sensor each
 * @param silent what was not measured
 */
public record Trace(List<Stage> stages, List<Line> lines, List<Silent> silent) {
  public Trace {
    stages = List.copyOf(stages);
    lines = List.copyOf(lines);
    silent = List.copyOf(silent);
  }

  /** What was done from one second of the run to another. */
  public record Stage(String name, double from, double to) {}

  /** What a sensor measures. */
  public enum What {
    POWER("W"),
    TEMPERATURE("°C"),
    CLOCK("MHz"),
    /** What was computed meanwhile. */
    SPEED("TFLOP/s");

    private final String unit;

    What(String unit) {
      this.unit = unit;
    }

    public String unit() {
      return unit;
    }

    /** As in JSON: {@code power}. */
    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Optional<What> of(String word) {
      return Arrays.stream(values()).filter(each -> each.word().equals(word)).findFirst();
    }
  }

  /**
   * A sensor.
   *
   * @param name for people, with the device
   */
  public record Line(String name, What what, List<Moment> moments) {
    public Line {
      moments = List.copyOf(moments);
    }

    Spread spread() {
      return new Spread(moments.stream().map(Moment::value).toList());
    }
  }

  /** A value at a second of the run. */
  public record Moment(double second, double value) {}

  /** Nothing, and why. */
  public record Silent(String name, String why) {}

  /** The same with more lines. */
  public Trace with(List<Line> more) {
    return new Trace(stages, Stream.concat(lines.stream(), more.stream()).toList(), silent);
  }

  /** Those of a kind. */
  public List<Line> of(What what) {
    return lines.stream().filter(line -> line.what() == what).toList();
  }
}
