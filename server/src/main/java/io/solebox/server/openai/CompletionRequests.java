package io.solebox.server.openai;

import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.error.ApiError;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/** Reads the bodies of {@code /v1/completions}. */
public final class CompletionRequests {
  /** As OpenAI has it. */
  private static final int DEFAULT_MAX_TOKENS = 16;

  private static final Set<String> LATER = Set.of("echo", "suffix");
  private static final Set<String> KNOWN = new HashSet<>(CommonFields.USED);

  static {
    KNOWN.addAll(CommonFields.IGNORED);
    KNOWN.addAll(LATER);
    KNOWN.addAll(Set.of("prompt", "logprobs", "best_of"));
  }

  private final Models models;

  public CompletionRequests(Models models) {
    this.models = models;
  }

  public AnswerRequest read(Map<String, Object> json) {
    Fields body = new Fields(json, "");
    body.refuseOthers(KNOWN);
    CommonFields.refuseSeveralAnswers(body);
    CommonFields.refuse(body, LATER);
    if (body.count("best_of", 1).orElse(1) > 1) {
      throw ApiError.unsupported("best_of", "This server gives one answer per request.");
    }
    Models.Named chosen = models.select(body);
    OptionalInt maxTokens = OptionalInt.of(body.count("max_tokens", 1).orElse(DEFAULT_MAX_TOKENS));
    OptionalInt logprobs = logprobs(body);
    boolean stream = body.flag("stream");
    boolean includeUsage = CommonFields.includeUsage(body, stream);
    List<String> stops = CommonFields.stops(body);
    int[] prompt = prompt(body, chosen.model().tokenizer());
    SamplingParams params =
        CommonFields.sampling(body, chosen.model(), prompt, maxTokens, logprobs);
    return new AnswerRequest(
        chosen.name(), chosen.model(), prompt, "prompt", params, stops, stream, includeUsage);
  }

  private static OptionalInt logprobs(Fields body) {
    return body.has("logprobs")
        ? OptionalInt.of(
            Fields.inRange(
                body.object().get("logprobs"), "logprobs", 0, SamplingParams.MAX_LOGPROBS))
        : OptionalInt.empty();
  }

  /** A text, token ids, or a list of one of them. */
  private static int[] prompt(Fields body, Tokenizer tokenizer) {
    Object value = body.object().get("prompt");
    if (value instanceof List<?> list && list.size() == 1 && !(list.getFirst() instanceof Number)) {
      value = list.getFirst();
    }
    return switch (value) {
      case null -> throw ApiError.missing("prompt");
      case String text -> tokenizer.encode(text, Tokenizer.Specials.PARSE, true);
      case List<?> ids -> ids(ids, tokenizer.vocabSize());
      case Object other ->
          throw ApiError.invalidType("prompt", "a string or an array of token ids", other);
    };
  }

  private static int[] ids(List<?> values, int vocabSize) {
    if (values.isEmpty()) {
      throw ApiError.invalidValue("prompt", "'prompt' is empty.");
    }
    if (!(values.getFirst() instanceof Number)) {
      throw ApiError.unsupported("prompt", "This server takes one prompt per request.");
    }
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Fields.inRange(values.get(i), "prompt", 0, vocabSize - 1);
    }
    return ids;
  }
}
