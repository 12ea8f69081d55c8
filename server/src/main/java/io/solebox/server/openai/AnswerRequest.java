package io.solebox.server.openai;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.server.models.Models;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A checked request for an answer.
 *
 * @param promptParam the parameter that the prompt came from
 * @param stops stop strings
 * @param includeUsage whether a stream ends with a chunk that carries the usage
 * @param echo what comes before the answer
 */
public record AnswerRequest(
    Models.Named named,
    Prompt prompt,
    String promptParam,
    SamplingParams params,
    List<String> stops,
    boolean stream,
    boolean includeUsage,
    Optional<Echo> echo) {
  /**
   * The prompt as a part of the answer.
   *
   * @param alone whether no answer is wanted
   */
  record Echo(String text, boolean alone) {}

  /**
   * @param maxTokens as asked for; what the context has no room for is left away here
   */
  static AnswerRequest of(
      Models.Named named,
      Prompt prompt,
      String promptParam,
      CommonFields common,
      OptionalInt maxTokens) {
    int room = Math.max(1, named.model().contextTokens() - prompt.ids().length);
    int most = Math.clamp(maxTokens.orElse(room), 1, room);
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        common.params(most),
        common.stops(),
        common.stream(),
        common.includeUsage(),
        Optional.empty());
  }

  AnswerRequest withEcho(String text, boolean alone) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        stream,
        includeUsage,
        Optional.of(new Echo(text, alone)));
  }

  public String modelName() {
    return named.name();
  }

  public LoadedModel model() {
    return named.model();
  }
}
