package io.solebox.server.openai;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.answers.KeepAliveField;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
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

  /** What is asked for, and which of the answers are shown. */
  record Completion(CommonFields.Ask ask, CompletionFormat.Selection selection) {}

  /**
   * Requests for answers, those to a prompt one behind the other.
   *
   * @param use takes the model that the request names
   */
  Completion read(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, OpenAiFields.COMPLETIONS, "", json);
    boolean strict = body.flag("strict");
    KeepAliveField.read(body, use);
    Optional<String> model = body.string("model");
    Optional<String> adapter = body.string("adapter");
    use.require(model, adapter);
    boolean echo = body.flag("echo");
    Optional<String> suffix = body.string("suffix").filter(text -> !text.isEmpty());
    if (echo && suffix.isPresent()) {
      throw Params.invalidValue("echo", "'echo' and 'suffix' cannot stand together.");
    }
    OptionalInt maxTokens = CommonFields.maxTokens(body, DEFAULT_MAX_TOKENS, echo ? 0 : 1);
    OptionalInt logprobs = logprobs(body);
    int n = CommonFields.count(body, "n", 1, CommonFields.MAX_CHOICES);
    int bestOf = bestOf(body, n);
    CommonFields common =
        CommonFields.read(body, bestOf > n && logprobs.isEmpty() ? OptionalInt.of(0) : logprobs);
    if (bestOf > n && common.writing().stream()) {
      throw Params.invalidValue(
          "best_of", "The best answers are known when all are complete; they cannot be streamed.");
    }
    List<Object> prompts = prompts(body);
    Optional<AskedStructure> structure = StructureFields.read(body);
    body.settle(strict);
    Models.Named chosen = use.select(model, adapter);
    chosen.requireAnswers();
    List<AnswerRequest> requests = new ArrayList<>();
    for (Object prompt : prompts) {
      AnswerRequest free = request(chosen, prompt, suffix, common, maxTokens, echo);
      AnswerRequest request = AskedStructure.hold(structure, free);
      requests.addAll(common.times(bestOf, request));
    }
    return new Completion(
        common.ask(requests), new CompletionFormat.Selection(bestOf, n, logprobs.isPresent()));
  }

  private static int bestOf(Fields body, int n) {
    if (!body.has("best_of")) {
      return n;
    }
    int bestOf = CommonFields.count(body, "best_of", 1, CommonFields.MAX_CHOICES);
    if (bestOf < n) {
      throw Params.invalidValue(
          "best_of", "'best_of' is %d, but 'n' of them are wanted: %d.".formatted(bestOf, n));
    }
    return bestOf;
  }

  private static AnswerRequest request(
      Models.Named chosen,
      Object prompt,
      Optional<String> suffix,
      CommonFields common,
      OptionalInt maxTokens,
      boolean echo) {
    Tokenizer tokenizer = chosen.model().tokenizer();
    Prompt encoded =
        suffix.map(behind -> gap(chosen, prompt, behind)).orElseGet(() -> encoded(chosen, prompt));
    AnswerRequest request =
        common.request(chosen, encoded, "prompt", chosen.model().contextTokens(), maxTokens);
    if (!echo) {
      return request;
    }
    String text = prompt instanceof String given ? given : tokenizer.decode(encoded.ids(), true);
    return request.withEcho(text, maxTokens.isPresent() && maxTokens.getAsInt() == 0);
  }

  private static Prompt encoded(Models.Named chosen, Object prompt) {
    return switch (prompt) {
      case String text -> chosen.model().prompts().raw(text, Specials.PARSE);
      case Object other -> new Prompt(ids(chosen, other), Optional.empty(), "");
    };
  }

  private static Prompt gap(Models.Named chosen, Object prompt, String behind) {
    Tokenizer tokenizer = chosen.model().tokenizer();
    int[] before =
        prompt instanceof String text
            ? tokenizer.encode(text, Specials.AS_TEXT, false)
            : ids(chosen, prompt);
    return chosen
        .model()
        .prompts()
        .gap(before, tokenizer.encode(behind, Specials.AS_TEXT, false))
        .orElseThrow(
            () ->
                Params.unsupported(
                    "suffix",
                    "The vocabulary of '%s' has no tokens to fill in the middle with."
                        .formatted(chosen.name())));
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

  private static int[] ids(Models.Named chosen, Object prompt) {
    if (!(prompt instanceof List<?> values)) {
      throw Params.invalidType("prompt", "a string or an array of token ids", prompt);
    }
    if (values.isEmpty()) {
      throw Params.invalidValue("prompt", "'prompt' is empty.");
    }
    return TokenIds.read(values, "prompt", chosen.model().tokenizer().vocabSize());
  }
}
