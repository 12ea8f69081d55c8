package io.solebox.app.session;

import io.solebox.app.console.Units;
import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadableModel;
import io.solebox.store.pull.Choice;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
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

  /**
   * A speed is expected of what fits alone.
   *
   * @param decoding what each token of an answer reads; empty where it gives none
   * @param memoryBytesPerSecond of the device, where that is known
   */
  public static Expected of(
      Optional<Choice.Fit.Needs> needs,
      Optional<Decoding> decoding,
      OptionalDouble memoryBytesPerSecond) {
    boolean isKnown =
        needs.filter(Choice.Fit.Needs::fits).isPresent()
            && decoding.isPresent()
            && memoryBytesPerSecond.isPresent();
    return new Expected(
        needs,
        isKnown
            ? OptionalDouble.of(decoding.get().tokensPerSecond(memoryBytesPerSecond.getAsDouble()))
            : OptionalDouble.empty());
  }

  /** Of a model that was looked at as a load of it would. */
  public static Expected of(LoadableModel model, OwnSpeeds speeds) {
    Choice.Fit.Needs needs = needs(model.estimate());
    OptionalDouble speed =
        model
            .decoding()
            .filter(_ -> needs.fits())
            .map(reads -> speeds.of(model.info().name(), model.info().format(), reads))
            .orElse(OptionalDouble.empty());
    return new Expected(Optional.of(needs), speed);
  }

  /** As pulls choose by it. */
  public static Choice.Fit.Needs needs(LoadEstimate estimate) {
    return new Choice.Fit.Needs(
        estimate.leastBytes(),
        estimate.devices().stream().mapToLong(LoadEstimate.DeviceNeed::freeBytes).sum(),
        estimate.fits());
  }

  /** For programs; what is not known is left out. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    needs.ifPresent(
        n -> {
          fields.put("needed_bytes", n.neededBytes());
          fields.put("free_bytes", n.freeBytes());
          fields.put("fits", n.fits());
        });
    tokensPerSecond.ifPresent(speed -> fields.put("estimated_tokens_per_second", speed));
    return fields;
  }

  /** A few words for a table: how fast it is, or what it would take. */
  public String here() {
    return needs
        .map(
            n ->
                n.fits()
                    ? tokensPerSecond.isPresent() ? speed() + " tok/s" : "fits"
                    : "needs %s, %s free"
                        .formatted(Units.bytes(n.neededBytes()), Units.bytes(n.freeBytes())))
        .orElse("unknown");
  }

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
