package io.solebox.server.models;

import io.solebox.engine.api.Decoding;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.Prospect;
import io.solebox.engine.model.ModelHeader;
import io.solebox.server.library.MemoryReads;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** What it would mean to load each model here. What nobody knows is left out. */
public final class Estimates {
  private final Models models;
  private final MemoryReads reads;

  /**
   * @param reads how fast the device reads, where that is known
   */
  public Estimates(Models models, MemoryReads reads) {
    this.models = models;
    this.reads = reads;
  }

  /**
   * Tokens a second for one client.
   *
   * @param measured of answers that it has given, or estimated from what it reads for a token
   * @param basis of an estimate that follows from what was measured: where, when and by what
   */
  public record Speed(double tokensPerSecond, boolean measured, Optional<String> basis) {
    /** Puts both where others of its model stand. */
    public void into(Map<String, Object> fields) {
      fields.put("tokens_per_second", tokensPerSecond);
      fields.put("measured", measured);
      basis.ifPresent(words -> fields.put("basis", words));
    }
  }

  /** Of a model; empty where nothing is known of it. */
  public Optional<Speed> speed(Status status, Optional<Prospect> prospect) {
    OptionalDouble measured = models.metrics().tokensPerSecond(status.name());
    return measured.isPresent()
        ? Optional.of(new Speed(measured.getAsDouble(), true, Optional.empty()))
        : prospect
            .filter(Prospect::fits)
            .flatMap(Prospect::decoding)
            .flatMap(decoding -> estimated(status, decoding));
  }

  /** From what decode was measured to read, or else from what the memory gives. */
  private Optional<Speed> estimated(Status status, Decoding decoding) {
    Optional<MemoryReads.Seen> seen =
        models
            .header(status)
            .flatMap(header -> reads.ofDecode(ownName(status, header), header.format(), decoding));
    if (seen.isPresent()) {
      return seen.map(
          known -> new Speed(known.tokensPerSecond(), false, Optional.of(known.words())));
    }
    OptionalDouble bandwidth = reads.ofMemory();
    return bandwidth.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Speed(decoding.tokensPerSecond(bandwidth.getAsDouble()), false, Optional.empty()));
  }

  private static String ownName(Status status, ModelHeader header) {
    return header.values().get("general.name") instanceof String name ? name : status.name();
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
