package io.solebox.app.store;

import io.solebox.app.console.Environment;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.MemorySpeed;
import io.solebox.engine.api.Engine;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.store.catalogue.CatalogueModel;
import io.solebox.store.pull.Choice.Fit.Needs;
import io.solebox.store.pull.name.Quantization;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the devices of a command have for a model of which nothing is here yet: estimates by its
 * size. A pull looks at the file itself.
 *
 * @param freeBytes of memory, on all devices together
 * @param memoryBytesPerSecond when everything only reads, where that is known
 * @param options for the length of a context and the type of what is kept of it
 */
record ThisMachine(long freeBytes, OptionalDouble memoryBytesPerSecond, EngineOptions options) {
  /** The longest sequence where nobody says another. */
  private static final int USUAL_CONTEXT = 8192;

  /** What scratch and copies add to weights. */
  private static final double BESIDE = 1.05;

  static ThisMachine of(EngineOptions options, Environment environment) {
    try (Engine engine = options.open()) {
      long free =
          engine.memory().stream()
              .filter(ledger -> !ledger.device().equals("host"))
              .mapToLong(MemoryLedger::freeBytes)
              .sum();
      return new ThisMachine(free, new MemorySpeed(environment).bytesPerSecond(engine), options);
    }
  }

  /** The quantization that a pull would take, by the sizes. */
  Optional<Quantization> choose(CatalogueModel model) {
    return model.formatThatFits(bytes -> needs(model, bytes).fits());
  }

  Expected expected(CatalogueModel model, Quantization format) {
    Needs needs = needs(model, model.estimatedBytes(format));
    boolean isKnown = needs.fits() && model.answers() && memoryBytesPerSecond.isPresent();
    var decoding =
        new Decoding(model.estimatedBytesPerToken(format), kept(model, Decoding.CONTEXT));
    return new Expected(
        Optional.of(needs),
        isKnown
            ? OptionalDouble.of(decoding.tokensPerSecond(memoryBytesPerSecond.getAsDouble()))
            : OptionalDouble.empty());
  }

  private Needs needs(CatalogueModel model, long weights) {
    int usual = Math.min(USUAL_CONTEXT, model.context());
    int context = options.loadOptions(1).contextTokens().orElse(usual);
    long needed = Math.round(weights * BESIDE + kept(model, context));
    return new Needs(needed, freeBytes, needed <= freeBytes);
  }

  private double kept(CatalogueModel model, int tokens) {
    return options.kvType().bytes((double) model.keptElements().orElse(0) * tokens);
  }
}
