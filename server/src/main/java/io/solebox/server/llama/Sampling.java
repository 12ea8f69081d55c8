package io.solebox.server.llama;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.answers.LogitBiasField;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How an answer is sampled. What is not given is as llama-server has it.
 *
 * @param builder everything but the number of tokens
 * @param predict most tokens of the answer; empty for what the context has room for
 */
record Sampling(SamplingParams.Builder builder, List<String> stops, OptionalInt predict) {
  private static final double TEMPERATURE = 0.8;
  private static final int TOP_K = 40;
  private static final double TOP_P = 0.95;
  private static final double MIN_P = 0.05;

  private static final int MAX_STOPS = 64;
  private static final int MAX_STOP_LENGTH = 1000;

  /** llama-server's words for no limit (-1), and for as much as the context takes (-2). */
  private static final int UNLIMITED = -2;

  /**
   * @param recommended the temperature that the model's makers recommend
   */
  static Sampling read(Fields body, OptionalDouble recommended, Tokenizer tokenizer) {
    SamplingParams.Builder params = SamplingParams.builder();
    params.temperature(body.number("temperature").orElse(recommended.orElse(TEMPERATURE)));
    int topK = body.whole("top_k").map(k -> k.atLeast(body.param("top_k"), -1)).orElse(TOP_K);
    params.topK(topK <= 0 ? SamplingParams.ALL : topK);
    params.topP(body.number("top_p").orElse(TOP_P));
    params.minP(body.number("min_p").orElse(MIN_P));
    body.number("typical_p").ifPresent(params::typicalP);
    body.number("repeat_penalty").ifPresent(params::repetitionPenalty);
    body.number("presence_penalty").ifPresent(params::presencePenalty);
    body.number("frequency_penalty").ifPresent(params::frequencyPenalty);
    body.whole("repeat_last_n")
        .map(n -> n.atLeast("repeat_last_n", -1))
        .ifPresent(n -> params.repetitionWindow(n < 0 ? Integer.MAX_VALUE : n));
    body.whole("seed").map(Whole::bits).filter(seed -> seed != -1).ifPresent(params::seed);
    params.ignoreEndOfGeneration(body.flag("ignore_eos"));
    params.logitBias(LogitBiasField.read(body, true).of(tokenizer));
    body.whole("n_probs")
        .map(n -> n.inRange(body.param("n_probs"), 0, SamplingParams.MAX_LOGPROBS))
        .filter(n -> n > 0)
        .ifPresent(params::logprobs);
    Sampling read = new Sampling(params, stops(body), predict(body));
    read.params(1); // what is out of range is told before a prompt is made
    return read;
  }

  private static OptionalInt predict(Fields body) {
    Optional<Whole> given = body.whole("n_predict");
    if (given.isEmpty() || (given.get().value() < 0 && given.get().value() >= UNLIMITED)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(given.get().atLeast(body.param("n_predict"), 1));
  }

  private static List<String> stops(Fields body) {
    Optional<Object> given = body.raw("stop");
    List<?> values =
        given.isPresent() && given.get() instanceof String one
            ? List.of(one)
            : body.array("stop").orElse(List.of());
    List<String> stops = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw Params.invalidType("stop", "a string or an array of strings", value);
      }
      if (text.length() > MAX_STOP_LENGTH || stops.size() == MAX_STOPS) {
        throw Params.invalidValue(
            "stop",
            "'stop' can have %d strings of %d characters at most."
                .formatted(MAX_STOPS, MAX_STOP_LENGTH));
      }
      if (!text.isEmpty()) {
        stops.add(text);
      }
    }
    return stops;
  }

  /**
   * @param maxTokens at least 1
   */
  SamplingParams params(int maxTokens) {
    try {
      return builder.maxTokens(maxTokens).build();
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "");
    }
  }
}
