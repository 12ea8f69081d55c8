package io.solebox.server.openai;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.ContextFit;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.LogitBiasField;
import io.solebox.server.answers.MinTokens;
import io.solebox.server.answers.ShiftWish;
import io.solebox.server.answers.Terms;
import io.solebox.server.answers.TermsFields;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Exchange;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The parameters that both endpoints have, read before a model is there; so who asks for what no
 * model could do hears of it at once.
 *
 * @param sampling everything but the number of tokens, the seed, and what only the model can say
 * @param usualTemperature whether the temperature is the one that the model's makers recommend:
 *     their word before ours
 * @param bias of tokens of the model
 * @param choices answers to each prompt
 * @param minTokens that an answer must have
 * @param shift whether it goes on when the context is full
 */
record CommonFields(
    SamplingParams.Builder sampling,
    boolean usualTemperature,
    LogitBiasField bias,
    StopIds stopIds,
    OptionalLong seed,
    List<String> stops,
    int choices,
    int minTokens,
    ShiftWish shift,
    Terms terms,
    Writing writing) {
  /**
   * Tokens of the model that end an answer, as they were given.
   *
   * @param param under which they were
   */
  record StopIds(List<Object> given, String param) {
    private Set<Integer> of(Tokenizer tokenizer) {
      Set<Integer> ids = new HashSet<>();
      given.forEach(id -> ids.add(Whole.inRange(id, param, 0, tokenizer.vocabSize() - 1)));
      return ids;
    }
  }

  /**
   * What is asked for.
   *
   * @param writing how it is to be written
   */
  record Ask(List<AnswerRequest> requests, Writing writing) {
    AnswerRequest first() {
      return requests.getFirst();
    }

    /** The same as work that nobody waits for. */
    Ask of(DetachedWork work) {
      return new Ask(requests.stream().map(each -> each.of(work)).toList(), writing);
    }

    /** The same as a client may have it. */
    Ask of(Exchange exchange) {
      return new Ask(requests.stream().map(each -> each.of(exchange)).toList(), writing);
    }
  }

  /**
   * @param window tokens of prompt and answer together
   * @param maxTokens as asked for; what the window has no room for is left away
   */
  AnswerRequest request(
      Models.Named named, Prompt prompt, String promptParam, int window, OptionalInt maxTokens) {
    Tokenizer tokenizer = named.model().tokenizer();
    if (usualTemperature) {
      named.model().info().temperature().ifPresent(sampling::temperature);
    }
    sampling.logitBias(bias.of(tokenizer)).stopIds(stopIds.of(tokenizer));
    Optional<ContextShift> goesOn = shift.of(named, prompt, window);
    int most = AnswerRequest.maxTokens(window, prompt, maxTokens, goesOn);
    AnswerRequest request =
        AnswerRequest.of(named, prompt, promptParam, params(most, 0), stops)
            .withTerms(terms)
            .withFit(new ContextFit(0, goesOn));
    if (minTokens == 0) {
      return request;
    }
    return request.withConstraint(
        () -> MinTokens.of(named.model().tokenizer(), request.params().stopIds(), minTokens));
  }

  /** The same request so many times; only the numbers to draw by differ. */
  List<AnswerRequest> times(int count, AnswerRequest request) {
    List<AnswerRequest> requests = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      requests.add(request.withParams(params(request.params().maxTokens(), i)));
    }
    return requests;
  }

  Ask ask(List<AnswerRequest> requests) {
    if (requests.size() > MAX_CHOICES) {
      throw Params.invalidValue(
          "n",
          "The request asks for %d answers, at most %d.".formatted(requests.size(), MAX_CHOICES));
    }
    return new Ask(requests, writing);
  }

  /** As OpenAI has it. */
  static final int MAX_CHOICES = 128;

  private static final int MAX_STOPS = 16;
  private static final int MAX_STOP_LENGTH = 1000;

  /** How programs say that there is no limit: -1, and -2 up to where the context is full. */
  private static final int UNLIMITED = -2;

  /**
   * @param logprobs how many alternatives, if any
   */
  static CommonFields read(Fields body, OptionalInt logprobs) {
    SamplingParams.Builder params = SamplingParams.builder();
    body.number("temperature").ifPresent(params::temperature);
    body.number("top_p").ifPresent(params::topP);
    body.number("min_p").ifPresent(params::minP);
    body.number("typical_p").ifPresent(params::typicalP);
    body.number("repetition_penalty").ifPresent(params::repetitionPenalty);
    body.number("presence_penalty").ifPresent(params::presencePenalty);
    body.number("frequency_penalty").ifPresent(params::frequencyPenalty);
    body.whole("repetition_window").ifPresent(n -> params.repetitionWindow(window(body, n)));
    body.whole("top_k").ifPresent(k -> params.topK(topK(body, k)));
    // Programs that know no "absent" send -1 for a random one.
    OptionalLong seed =
        body.whole("seed")
            .map(Whole::bits)
            .filter(bits -> bits != -1)
            .map(OptionalLong::of)
            .orElse(OptionalLong.empty());
    logprobs.ifPresent(params::logprobs);
    params.ignoreEndOfGeneration(body.flag("ignore_eos"));
    CommonFields common =
        new CommonFields(
            params,
            !body.has("temperature"),
            LogitBiasField.read(body, false),
            new StopIds(
                body.array("stop_token_ids").orElse(List.of()), body.param("stop_token_ids")),
            seed,
            stops(body),
            count(body, "n", 1, MAX_CHOICES),
            count(body, "min_tokens", 0, Integer.MAX_VALUE),
            ShiftWish.read(body, body.flag("context_shift")),
            TermsFields.read(body),
            Writing.read(body));
    common.params(1, 0); // what is out of range is told before a model is loaded
    return common;
  }

  /**
   * @param least what it is where it is not given
   */
  static int count(Fields body, String name, int least, int most) {
    return body.whole(name).map(n -> n.inRange(body.param(name), least, most)).orElse(least);
  }

  /**
   * @param maxTokens at least 1
   * @param choice for which they are: with a seed, each draws its own way
   */
  SamplingParams params(int maxTokens, int choice) {
    try {
      seed.ifPresent(first -> sampling.seed(first + choice));
      return sampling.maxTokens(maxTokens).build();
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "");
    }
  }

  /**
   * @param least what may be asked for
   * @return empty where there is no limit
   */
  static OptionalInt maxTokens(Fields body, OptionalInt absent, int least) {
    Optional<Whole> given = body.whole("max_tokens");
    if (given.isEmpty()) {
      return absent;
    }
    long value = given.get().value();
    return value < 0 && value >= UNLIMITED
        ? OptionalInt.empty()
        : OptionalInt.of(given.get().atLeast(body.param("max_tokens"), least));
  }

  private static int window(Fields body, Whole n) {
    int window = n.atLeast(body.param("repetition_window"), -1);
    return window < 0 ? Integer.MAX_VALUE : window;
  }

  private static int topK(Fields body, Whole k) {
    int topK = k.atLeast(body.param("top_k"), -1);
    return topK <= 0 ? SamplingParams.ALL : topK;
  }

  /** One stop string or several; an empty one stops nothing. */
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
      if (text.length() > MAX_STOP_LENGTH) {
        throw Params.invalidValue(
            "stop", "A stop string can have " + MAX_STOP_LENGTH + " characters at most.");
      }
      if (!text.isEmpty()) {
        stops.add(text);
      }
    }
    if (stops.size() > MAX_STOPS) {
      throw Params.invalidValue(
          "stop", "'stop' has %d strings, at most %d.".formatted(stops.size(), MAX_STOPS));
    }
    return stops;
  }
}
