package io.solebox.server.models;

import java.util.Optional;
import java.util.OptionalDouble;

/** How fast the models' device reads, as far as somebody has measured it. */
@FunctionalInterface
public interface MemoryReads {
  /** Bytes a second when everything only reads. */
  OptionalDouble ofMemory();

  /**
   * What decode was seen to read of a model, or of its format.
   *
   * @param model its own name, and not what it is offered as
   * @param format its main one, as in {@code Q4_K_M}
   */
  default Optional<Seen> ofDecode(String model, String format) {
    return Optional.empty();
  }

  /**
   * A measure.
   *
   * @param bytesPerSecond of weights, keys and values
   * @param words where, when and by what
   */
  record Seen(double bytesPerSecond, String words) {}
}
