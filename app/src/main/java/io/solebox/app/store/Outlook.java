package io.solebox.app.store;

import io.solebox.app.session.Expected;
import io.solebox.store.pull.Choice;
import io.solebox.store.pull.source.Variant;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How the models of an offer would run on this machine: one of them was looked at, and the others
 * are the same model with weights of another size.
 *
 * @param facts of {@code known}; empty where nothing could be known before
 * @param memoryBytesPerSecond of the device, where that is known
 */
record Outlook(Variant known, Optional<Facts> facts, OptionalDouble memoryBytesPerSecond) {
  Expected of(Variant variant) {
    return of(variant.weightBytes());
  }

  /**
   * A file that is not there yet.
   *
   * @param bytes of it
   */
  Expected of(long bytes) {
    return facts.map(f -> of(bytes, f)).orElse(Expected.UNKNOWN);
  }

  private Expected of(long bytes, Facts facts) {
    Optional<Choice.Fit.Needs> needs =
        facts
            .needs()
            .map(n -> bytes == known.weightBytes() ? n : n.plus(bytes - known.weightBytes()));
    double factor = (double) bytes / known.weightBytes();
    return Expected.of(
        needs, facts.decoding().map(reads -> reads.withWeights(factor)), memoryBytesPerSecond);
  }
}
