package io.solebox.server.ollama;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.ContextFit;
import io.solebox.server.answers.ShiftWish;
import io.solebox.server.answers.Truncation;
import io.solebox.server.answers.Window;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * {@code options} of a request. What is not given is as Ollama has it, but for the penalty of
 * repetitions, which is off.
 *
 * @param sampling everything but the number of tokens
 * @param numPredict most tokens of the answer; empty for what the context has room for
 * @param context of prompt and answer together
 * @param shift whether the answer goes on when these are used up
 */
record Options(
    SamplingParams.Builder sampling,
    List<String> stops,
    OptionalInt numPredict,
    Window context,
    ShiftWish shift) {
  private static final double TEMPERATURE = 0.8;
  private static final int TOP_K = 40;
  private static final double TOP_P = 0.9;

  private static final int MAX_STOPS = 64;
  private static final int MAX_STOP_LENGTH = 1000;

  /** Ollama's words for no limit (-1), and for as much as the context takes (-2). */
  private static final int UNLIMITED = -2;

  /** As Ollama has it. */
  private static final int NUM_KEEP = 4;

  /**
   * @param shifts whether the answer goes on when the context is full
   */
  static Options read(Fields options, Models.Named chosen, boolean shifts) {
    SamplingParams.Builder params = sampling(options, chosen.model().info().temperature());
    Options read =
        new Options(
            params,
            stops(options),
            predict(options),
            Window.read(options, "num_ctx"),
            ShiftWish.read(options, shifts, NUM_KEEP));
    options.settle(false);
    read.params(1); // what is out of range is told before a prompt is made
    read.window(chosen);
    return read;
  }

  private static SamplingParams.Builder sampling(Fields options, OptionalDouble recommended) {
    SamplingParams.Builder params = SamplingParams.builder();
    params.temperature(options.number("temperature").orElse(recommended.orElse(TEMPERATURE)));
    int topK = options.whole("top_k").map(k -> k.atLeast(options.param("top_k"), -1)).orElse(TOP_K);
    params.topK(topK <= 0 ? SamplingParams.ALL : topK);
    params.topP(options.number("top_p").orElse(TOP_P));
    options.number("min_p").ifPresent(params::minP);
    options.number("typical_p").ifPresent(params::typicalP);
    options.number("repeat_penalty").ifPresent(params::repetitionPenalty);
    options.number("presence_penalty").ifPresent(params::presencePenalty);
    options.number("frequency_penalty").ifPresent(params::frequencyPenalty);
    options
        .whole("repeat_last_n")
        .map(n -> n.atLeast(options.param("repeat_last_n"), -1))
        .ifPresent(n -> params.repetitionWindow(n < 0 ? Integer.MAX_VALUE : n));
    options.whole("seed").map(Whole::bits).filter(seed -> seed != -1).ifPresent(params::seed);
    return params;
  }

  /**
   * That options can be what a request has, whatever model they will be for.
   *
   * @throws Problem 400
   */
  static void check(Fields options) {
    SamplingParams.Builder params = sampling(options, OptionalDouble.empty());
    Window context = Window.read(options, "num_ctx");
    ShiftWish shift = ShiftWish.read(options, false, NUM_KEEP);
    Options read = new Options(params, stops(options), predict(options), context, shift);
    options.settle(false);
    read.params(1);
  }

  private static OptionalInt predict(Fields options) {
    Optional<Whole> given = options.whole("num_predict");
    if (given.isEmpty() || (given.get().value() < 0 && given.get().value() >= UNLIMITED)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(given.get().atLeast(options.param("num_predict"), 1));
  }

  private static List<String> stops(Fields options) {
    Optional<Object> given = options.raw("stop");
    List<?> values =
        given.isPresent() && given.get() instanceof String one
            ? List.of(one)
            : options.array("stop").orElse(List.of());
    List<String> stops = new ArrayList<>();
    String param = options.param("stop");
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw Params.invalidType(param, "a string or an array of strings", value);
      }
      if (text.length() > MAX_STOP_LENGTH || stops.size() == MAX_STOPS) {
        throw Params.invalidValue(
            param,
            "'%s' can have %d strings of %d characters at most."
                .formatted(param, MAX_STOPS, MAX_STOP_LENGTH));
      }
      if (!text.isEmpty()) {
        stops.add(text);
      }
    }
    return stops;
  }

  /**
   * A request for an answer to a prompt.
   *
   * @throws Problem 400 if the prompt leaves no room in the context that was asked for
   */
  AnswerRequest request(Models.Named chosen, Prompt prompt, String promptParam) {
    int window = window(chosen);
    context.requireRoom(prompt, promptParam);
    Optional<ContextShift> goesOn = shift.of(chosen, prompt, window);
    int most = AnswerRequest.maxTokens(window, prompt, numPredict, goesOn);
    return AnswerRequest.of(chosen, prompt, promptParam, params(most), stops)
        .withFit(new ContextFit(0, goesOn));
  }

  /** Tokens that an answer should have where a part of the prompt is left away for it. */
  int room(int window) {
    return Truncation.room(numPredict, window);
  }

  /** Tokens of prompt and answer together. */
  int window(Models.Named chosen) {
    return context.of(chosen);
  }

  /** What bounds the window, in front of its number. */
  String bound() {
    return context.bound();
  }

  private SamplingParams params(int maxTokens) {
    try {
      return sampling.maxTokens(maxTokens).build();
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "");
    }
  }
}
