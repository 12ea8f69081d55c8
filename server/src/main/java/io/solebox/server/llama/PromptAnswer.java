package io.solebox.server.llama;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.TokenParts;
import io.solebox.server.llama.CompletionReader.Ask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The answer to one prompt, whole and in parts. Owned by one thread. */
final class PromptAnswer {
  private final Ask ask;
  private final int index;
  private final AnswerRequest request;
  private final String prompt;
  private final Probabilities probabilities;
  private final List<Object> pending = new ArrayList<>();
  private final List<Object> pendingProbabilities = new ArrayList<>();
  private int predicted;
  private boolean newLine;

  /**
   * @param index of the prompt
   */
  PromptAnswer(Ask ask, int index) {
    this.ask = ask;
    this.index = index;
    this.request = ask.requests().get(index);
    Tokenizer tokenizer = request.model().tokenizer();
    this.probabilities = new Probabilities(new TokenParts(tokenizer));
    this.prompt = tokenizer.decode(request.prompt().ids(), true);
  }

  /** What a stream sends for something that happened; nothing for what goes with the next part. */
  Optional<Map<String, Object>> part(AnswerEvent event) {
    return switch (event) {
      case AnswerEvent.Progress _ -> Optional.empty();
      case AnswerEvent.Token token -> {
        predicted++;
        pending.add(token.id());
        token.logprobs().ifPresent(_ -> pendingProbabilities.add(probabilities.of(token)));
        yield Optional.empty();
      }
      case AnswerEvent.Text(String text) -> {
        newLine |= text.contains("\n");
        yield Optional.of(part(text));
      }
      case AnswerEvent.Reasoning _,
          AnswerEvent.ToolCallStart _,
          AnswerEvent.ToolCallArguments _,
          AnswerEvent.ToolCallBroken _ ->
          throw new IllegalStateException("what goes on with a raw text is all text");
      case End last -> {
        Map<String, Object> body = last("", taken(pending), last);
        addProbabilities(body, taken(pendingProbabilities));
        yield Optional.of(chosen(body));
      }
    };
  }

  private Map<String, Object> part(String text) {
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("index", index);
    part.put("content", text);
    part.put("tokens", taken(pending));
    part.put("stop", false);
    part.put("id_slot", -1);
    part.put("tokens_predicted", predicted);
    part.put("tokens_evaluated", request.prompt().ids().length);
    addProbabilities(part, taken(pendingProbabilities));
    return part;
  }

  private static List<Object> taken(List<Object> pending) {
    List<Object> taken = List.copyOf(pending);
    pending.clear();
    return taken;
  }

  private void addProbabilities(Map<String, Object> body, List<Object> written) {
    if (request.params().logprobs().isPresent()) {
      body.put("completion_probabilities", written);
    }
  }

  /** The members that the request names, under the names that it has for them. */
  private Map<String, Object> chosen(Map<String, Object> body) {
    if (ask.members().isEmpty()) {
      return body;
    }
    Map<String, Object> chosen = new LinkedHashMap<>();
    for (String path : ask.members()) {
      Optional<Object> found = Optional.of(body);
      for (String name : path.split("/", -1)) {
        found = found.flatMap(value -> member(value, name));
      }
      found.ifPresent(value -> chosen.put(path, value));
    }
    return chosen;
  }

  private static Optional<Object> member(Object value, String name) {
    return value instanceof Map<?, ?> map ? Optional.ofNullable(map.get(name)) : Optional.empty();
  }

  Map<String, Object> whole(WholeAnswer answer) {
    newLine = answer.text().contains("\n");
    List<Object> ids = new ArrayList<>();
    if (ask.withTokens()) {
      answer.tokens().forEach(token -> ids.add(token.id()));
    }
    Map<String, Object> body = last(answer.text(), ids, answer.end());
    List<Object> written = new ArrayList<>();
    answer
        .tokens()
        .forEach(token -> token.logprobs().ifPresent(_ -> written.add(probabilities.of(token))));
    addProbabilities(body, written);
    return chosen(body);
  }

  private Map<String, Object> last(String text, List<Object> ids, End last) {
    Usage usage = last.usage();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("index", index);
    body.put("content", text);
    body.put("tokens", ids);
    body.put("id_slot", -1);
    body.put("stop", true);
    body.put("model", request.modelName());
    body.put("tokens_predicted", usage.completionTokens());
    body.put("tokens_evaluated", usage.promptTokens());
    body.put("generation_settings", settings(request.params(), request.stops()));
    body.put("prompt", prompt);
    body.put("has_new_line", newLine);
    body.put("truncated", usage.droppedTokens() > 0);
    if (usage.droppedTokens() > 0) {
      body.put("solebox", Map.of("dropped_tokens", usage.droppedTokens()));
    }
    body.put("stop_type", stopType(last));
    body.put("stopping_word", last.stop().orElse(""));
    body.put("tokens_cached", usage.cachedTokens());
    body.put("timings", timings(usage));
    return body;
  }

  private static String stopType(End end) {
    return switch (end.reason()) {
      case STOP, TOOL_CALLS -> end.stop().isPresent() ? "word" : "eos";
      case LENGTH -> "limit";
      case CANCELLED -> throw new IllegalStateException("nobody waits for this answer");
    };
  }

  static Map<String, Object> settings(SamplingParams params, List<String> stops) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("n_predict", params.maxTokens());
    settings.put("seed", params.seed().orElse(-1));
    settings.put("temperature", params.temperature());
    settings.put("top_k", params.topK() == SamplingParams.ALL ? 0 : params.topK());
    settings.put("top_p", params.topP());
    settings.put("min_p", params.minP());
    settings.put("typical_p", params.typicalP());
    settings.put("repeat_penalty", params.repetitionPenalty());
    boolean all = params.repetitionWindow() == Integer.MAX_VALUE;
    settings.put("repeat_last_n", all ? -1 : params.repetitionWindow());
    settings.put("presence_penalty", params.presencePenalty());
    settings.put("frequency_penalty", params.frequencyPenalty());
    settings.put("ignore_eos", params.ignoreEndOfGeneration());
    settings.put("stop", stops);
    return settings;
  }

  private static Map<String, Object> timings(Usage usage) {
    Map<String, Object> timings = new LinkedHashMap<>();
    timings.put("cache_n", usage.cachedTokens());
    rate(timings, "prompt", usage.promptTokens() - usage.cachedTokens(), usage.prefillNanos());
    rate(timings, "predicted", usage.completionTokens(), usage.decodeNanos());
    return timings;
  }

  private static void rate(Map<String, Object> timings, String what, int tokens, long nanos) {
    double millis = nanos / 1e6;
    timings.put(what + "_n", tokens);
    timings.put(what + "_ms", millis);
    timings.put(what + "_per_token_ms", tokens == 0 ? 0.0 : millis / tokens);
    timings.put(what + "_per_second", nanos == 0 ? 0.0 : tokens * 1e9 / nanos);
  }
}
