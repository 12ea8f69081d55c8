package io.solebox.server.receipts;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.generation.SamplingParams;
import java.util.List;
import java.util.Optional;

/**
 * One answer as it was computed.
 *
 * @param wish what was asked for
 * @param ids of all tokens up to its end, also those that nobody was shown; a stop id is none
 * @param reason why it ended
 */
public record Answered(Wish wish, int[] ids, String reason, Usage usage) {
  /**
   * What decides an answer, beside the model.
   *
   * @param sampling with the seed that is used
   * @param stops stop strings
   * @param structures that it is held to
   * @param constrained whether it is held to anything at all
   * @param shift what is dropped when the context is full
   */
  public record Wish(
      Prompt prompt,
      SamplingParams sampling,
      List<String> stops,
      List<Structure> structures,
      boolean constrained,
      Optional<ContextShift> shift) {}
}
