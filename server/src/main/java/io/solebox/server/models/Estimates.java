package io.solebox.server.models;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.Prospect;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/** What it would mean to load each model here. What nobody knows is left out. */
public final class Estimates {
  private final Models models;
  private final Supplier<OptionalDouble> memorySpeed;

  /**
   * @param memorySpeed bytes per second that the device reads, where that is known
   */
  public Estimates(Models models, Supplier<OptionalDouble> memorySpeed) {
    this.models = models;
    this.memorySpeed = memorySpeed;
  }

  /**
   * Tokens a second for one client.
   *
   * @param measured of answers that it has given, or estimated from what it reads for a token
   */
  public record Speed(double tokensPerSecond, boolean measured) {
    /** Puts both where others of its model stand. */
    public void into(Map<String, Object> fields) {
      fields.put("tokens_per_second", tokensPerSecond);
      fields.put("measured", measured);
    }
  }

  /** Of a model; empty where nothing is known of it. */
  public Optional<Speed> speed(Status status, Optional<Prospect> prospect) {
    OptionalDouble measured = models.metrics().tokensPerSecond(status.name());
    if (measured.isPresent()) {
      return Optional.of(new Speed(measured.getAsDouble(), true));
    }
    OptionalDouble bandwidth = memorySpeed.get();
    return bandwidth.isEmpty()
        ? Optional.empty()
        : prospect
            .filter(Prospect::fits)
            .flatMap(Prospect::decoding)
            .map(reads -> new Speed(reads.tokensPerSecond(bandwidth.getAsDouble()), false));
  }

  /** For programs; empty of a model that could not be loaded at all. */
  public Optional<Map<String, Object>> fields(Status status) {
    Optional<Prospect> prospect = models.prospect(status);
    return prospect.map(
        known -> {
          Map<String, Object> fields = new LinkedHashMap<>();
          fields.put("context_tokens", known.contextTokens());
          fields.put("needed_bytes", known.neededBytes());
          fields.put("fits", known.fits());
          speed(status, prospect).ifPresent(speed -> speed.into(fields));
          return fields;
        });
  }
}
