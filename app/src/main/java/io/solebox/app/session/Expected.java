package io.solebox.app.session;

import io.solebox.store.pull.Choice;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a model would run on this machine.
 *
 * @param needs of memory; empty where it cannot run here, or nothing is known
 * @param tokensPerSecond of an answer, estimated; empty where it does not fit, gives no answers, or
 *     nothing is known
 */
public record Expected(Optional<Choice.Fit.Needs> needs, OptionalDouble tokensPerSecond) {
  public static final Expected UNKNOWN = new Expected(Optional.empty(), OptionalDouble.empty());

  /** One word for a table. */
  public String fit() {
    return needs.map(n -> n.fits() ? "fits" : "does not fit").orElse("unknown");
  }

  /** For people; marked as a guess. */
  public String speed() {
    return tokensPerSecond.isPresent() ? "about " + rounded(tokensPerSecond.getAsDouble()) : "-";
  }

  /** To two digits: more would look like a measurement. */
  private static String rounded(double tokens) {
    if (tokens >= 10) {
      double unit = Math.pow(10, Math.floor(Math.log10(tokens)) - 1);
      return String.format(Locale.ROOT, "%.0f", Math.round(tokens / unit) * unit);
    }
    return String.format(Locale.ROOT, "%.1f", tokens);
  }
}
