package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.store.catalogue.CatalogueModel;
import io.solebox.store.pull.Choice.Fit.Needs;
import io.solebox.store.pull.name.Quantization;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the devices of a command have for a model of which nothing is here yet: estimates by its
 * size. A pull looks at the file itself.
 *
 * @param freeBytes of memory, on all devices together
 * @param memoryBytesPerSecond when everything only reads, where that is known
 * @param contextTokens with which models are loaded; empty for the usual
 * @param kvType of what is kept of a context
 */
public record ThisMachine(
    long freeBytes, OptionalDouble memoryBytesPerSecond, OptionalInt contextTokens, KvType kvType) {
  /** The longest sequence where nobody says another. */
  private static final int USUAL_CONTEXT = 8192;

  /** What scratch and copies add to weights. */
  private static final double BESIDE = 1.05;

  /** As a command has it. */
  public static ThisMachine of(EngineOptions options, Environment environment) {
    try (Engine engine = options.open()) {
      return of(
          engine, options.loadOptions(1), new MemorySpeed(environment).bytesPerSecond(engine));
    }
  }

  /**
   * As an engine has it beside what it has loaded.
   *
   * @param options with which models are loaded
   * @param memoryBytesPerSecond when everything only reads, where that is known
   */
  public static ThisMachine of(
      Engine engine, LoadOptions options, OptionalDouble memoryBytesPerSecond) {
    long free =
        engine.memory().stream()
            .filter(ledger -> !ledger.device().equals("host"))
            .mapToLong(MemoryLedger::freeBytes)
            .sum();
    return new ThisMachine(free, memoryBytesPerSecond, options.contextTokens(), options.kvType());
  }

  /** The quantization that a pull would take, by the sizes. */
  public Optional<Quantization> choose(CatalogueModel model) {
    return model.formatThatFits(bytes -> needs(model, bytes).fits());
  }

  public Expected expected(CatalogueModel model, Quantization format) {
    Needs needs = needs(model, model.estimatedBytes(format));
    var decoding =
        new Decoding(model.estimatedBytesPerToken(format), kept(model, Decoding.CONTEXT));
    return Expected.of(
        Optional.of(needs),
        Optional.of(decoding).filter(_ -> model.answers()),
        memoryBytesPerSecond);
  }

  private Needs needs(CatalogueModel model, long weights) {
    int usual = Math.min(USUAL_CONTEXT, model.context());
    int context = contextTokens.orElse(usual);
    long needed = Math.round(weights * BESIDE + kept(model, context));
    return new Needs(needed, freeBytes, needed <= freeBytes);
  }

  private double kept(CatalogueModel model, int tokens) {
    return kvType.bytes((double) model.keptElements().orElse(0) * tokens);
  }
}
