package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Patience;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * System properties that turn parts of the backend off or exchange them, for diagnosis on a card
 * that misbehaves. What is not as usual is said in the notes of every plan.
 *
 * @param early whether kernels may start before the one ahead of them has ended
 *     (solebox.cuda.early)
 * @param graphs whether decode steps run as captured graphs (solebox.cuda.graphs)
 * @param prefetch whether products ask for weights before they wait (solebox.cuda.prefetch)
 * @param patience for how long threads look before they sleep, in microseconds (solebox.cuda.spin)
 * @param kernels folder of PTX or cubin files that stand in for the built-in ones, by module
 *     (solebox.cuda.kernels)
 * @param cubins folder of cubin files by target and module, for drivers that cannot compile PTX
 *     (solebox.cuda.cubins)
 */
record Switches(
    boolean early,
    boolean graphs,
    boolean prefetch,
    Patience patience,
    Optional<Path> kernels,
    Optional<Path> cubins) {
  private static final String PREFIX = "solebox.cuda.";
  private static final int MOST_SPIN_MICROS = 1_000_000;

  static final Switches USUAL =
      new Switches(true, true, true, Patience.DEFAULT, Optional.empty(), Optional.empty());

  /**
   * @param properties gives null for what is not set
   * @throws SoleboxException {@code INVALID_PARAMETER} where one says what it cannot say
   */
  static Switches of(UnaryOperator<String> properties) {
    return new Switches(
        isOn(properties, "early"),
        isOn(properties, "graphs"),
        isOn(properties, "prefetch"),
        patience(properties),
        folder(properties, "kernels"),
        folder(properties, "cubins"));
  }

  private static Optional<String> value(UnaryOperator<String> properties, String name) {
    return Optional.ofNullable(properties.apply(PREFIX + name));
  }

  private static boolean isOn(UnaryOperator<String> properties, String name) {
    String value = value(properties, name).orElse("true");
    if (!value.equals("true") && !value.equals("false")) {
      throw invalid(name, value, "must be true or false");
    }
    return value.equals("true");
  }

  private static Patience patience(UnaryOperator<String> properties) {
    Optional<String> value = value(properties, "spin");
    if (value.isEmpty()) {
      return Patience.DEFAULT;
    }
    try {
      int micros = Integer.parseInt(value.get());
      if (micros >= 0 && micros <= MOST_SPIN_MICROS) {
        return new Patience(Duration.ofNanos(1000L * micros));
      }
    } catch (NumberFormatException e) {
      // answered below
    }
    throw invalid("spin", value.get(), "must be microseconds from 0 to " + MOST_SPIN_MICROS);
  }

  private static Optional<Path> folder(UnaryOperator<String> properties, String name) {
    Optional<Path> folder = value(properties, name).map(Path::of);
    folder
        .filter(f -> !Files.isDirectory(f))
        .ifPresent(
            f -> {
              throw invalid(name, f.toString(), "must be a folder that is there");
            });
    return folder;
  }

  private static SoleboxException invalid(String name, String value, String must) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "-D" + PREFIX + name,
        "The system property is %s, but %s.".formatted(value, must),
        "Correct it, or leave it out.");
  }

  /** What is not as usual, a line each. */
  List<String> notes() {
    var notes = new ArrayList<String>();
    if (!early) {
      notes.add("kernels do not overlap (-Dsolebox.cuda.early=false).");
    }
    if (!graphs) {
      notes.add("decode steps are not captured as graphs (-Dsolebox.cuda.graphs=false).");
    }
    if (!prefetch) {
      notes.add("products do not prefetch (-Dsolebox.cuda.prefetch=false).");
    }
    if (!patience.equals(Patience.DEFAULT)) {
      long micros = patience.spin().toNanos() / 1000;
      notes.add(
          "threads look for %d us before they sleep (-Dsolebox.cuda.spin).".formatted(micros));
    }
    return notes;
  }
}
