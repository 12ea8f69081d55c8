package io.solebox.server.openai;

import io.solebox.engine.answer.TextStream;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.server.error.ApiError;
import java.util.List;

/**
 * A checked request for an answer.
 *
 * @param promptParam the parameter that the prompt came from
 * @param stops stop strings
 * @param includeUsage whether a stream ends with a chunk that carries the usage
 */
public record AnswerRequest(
    String modelName,
    LoadedModel model,
    int[] prompt,
    String promptParam,
    SamplingParams params,
    List<String> stops,
    boolean stream,
    boolean includeUsage) {
  /**
   * Queues the answer.
   *
   * @throws ApiError as the engine says
   */
  public TextStream submit() {
    try {
      return new TextStream(model.submit(prompt, params), model.tokenizer(), stops);
    } catch (SoleboxException e) {
      throw ApiError.from(e, promptParam);
    }
  }
}
