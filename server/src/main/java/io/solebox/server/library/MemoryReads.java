package io.solebox.server.library;

import io.solebox.engine.api.Decoding;
import java.util.Optional;
import java.util.OptionalDouble;

/** How fast the models' device reads, as far as somebody has measured it. */
@FunctionalInterface
public interface MemoryReads {
  /** Bytes a second when everything only reads. */
  OptionalDouble ofMemory();

  /**
   * How fast answers of a model are by what decode was seen to read, of it or of its formats.
   *
   * @param model its own name, and not what it is offered as
   * @param format its main one, as in {@code Q4_K_M}
   * @param reads what each of its tokens does
   */
  default Optional<Seen> ofDecode(String model, String format, Decoding reads) {
    return Optional.empty();
  }

  /**
   * What follows from measures.
   *
   * @param tokensPerSecond for one client
   * @param words where, when and by what they were taken
   */
  record Seen(double tokensPerSecond, String words) {}
}
