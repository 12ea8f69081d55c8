package io.solebox.server.openai;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Reads the bodies of {@code /v1/completions}. */
final class CompletionRequests {
  /** As OpenAI has it. */
  private static final OptionalInt DEFAULT_MAX_TOKENS = OptionalInt.of(16);

  private static final int MAX_PROMPTS = 128;

  private final FieldTable table;
  private final JsonSkips skips;

  CompletionRequests(FieldTable table) {
    this.table = table;
    this.skips = OpenAiFields.skips(table, OpenAiFields.COMPLETIONS);
  }

  /** What need not be parsed. */
  JsonSkips skips() {
    return skips;
  }

  /**
   * One request for an answer for each prompt.
   *
   * @param use takes the model that the request names
   */
  CommonFields.Ask read(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, OpenAiFields.COMPLETIONS, "", json);
    boolean strict = body.flag("strict");
    if (body.whole("best_of").map(n -> n.atLeast("best_of", 1)).orElse(1) > 1) {
      throw Params.unsupported("best_of", "This server gives one answer per request.");
    }
    Models.Named chosen = use.select(body.string("model"), body.string("adapter"));
    Tokenizer tokenizer = chosen.model().tokenizer();
    boolean echo = body.flag("echo");
    OptionalInt maxTokens = CommonFields.maxTokens(body, DEFAULT_MAX_TOKENS, echo ? 0 : 1);
    CommonFields common =
        CommonFields.read(
            body, tokenizer.vocabSize(), chosen.model().info().temperature(), logprobs(body));
    List<Object> prompts = prompts(body);
    body.settle(strict);
    return common.ask(
        prompts.stream().map(prompt -> request(chosen, prompt, common, maxTokens, echo)).toList());
  }

  private static AnswerRequest request(
      Models.Named chosen,
      Object prompt,
      CommonFields common,
      OptionalInt maxTokens,
      boolean echo) {
    Tokenizer tokenizer = chosen.model().tokenizer();
    Prompt encoded =
        switch (prompt) {
          case String text -> chosen.model().prompts().raw(text, Tokenizer.Specials.PARSE);
          case List<?> list -> new Prompt(ids(list, tokenizer.vocabSize()), Optional.empty(), "");
          case Object other ->
              throw Params.invalidType("prompt", "a string or an array of token ids", other);
        };
    AnswerRequest request = common.request(chosen, encoded, "prompt", maxTokens);
    if (!echo) {
      return request;
    }
    String text = prompt instanceof String given ? given : tokenizer.decode(encoded.ids(), true);
    return request.withEcho(text, maxTokens.isPresent() && maxTokens.getAsInt() == 0);
  }

  private static OptionalInt logprobs(Fields body) {
    return body.whole("logprobs")
        .map(n -> OptionalInt.of(n.inRange("logprobs", 0, SamplingParams.MAX_LOGPROBS)))
        .orElse(OptionalInt.empty());
  }

  /** A text, token ids, or a list of texts or of lists of ids. */
  private static List<Object> prompts(Fields body) {
    Optional<Object> given = body.raw("prompt");
    return switch (given.orElseThrow(() -> Params.missing("prompt"))) {
      case List<?> list when list.isEmpty() ->
          throw Params.invalidValue("prompt", "'prompt' is empty.");
      case List<?> list when !(list.getFirst() instanceof Number) -> several(list);
      case Object one -> List.of(one);
    };
  }

  private static List<Object> several(List<?> prompts) {
    if (prompts.size() > MAX_PROMPTS) {
      throw Params.invalidValue(
          "prompt", "There are %d prompts, at most %d.".formatted(prompts.size(), MAX_PROMPTS));
    }
    for (Object prompt : prompts) {
      if (!(prompt instanceof String) && !(prompt instanceof List)) {
        throw Params.invalidType("prompt", "an array of strings or of arrays of token ids", prompt);
      }
    }
    return List.copyOf(prompts);
  }

  private static int[] ids(List<?> values, int vocabSize) {
    if (values.isEmpty()) {
      throw Params.invalidValue("prompt", "'prompt' is empty.");
    }
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Whole.inRange(values.get(i), "prompt", 0, vocabSize - 1);
    }
    return ids;
  }
}
