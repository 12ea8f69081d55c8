package io.solebox.server.openai;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.server.error.ApiError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** The parameters that both endpoints have. */
final class CommonFields {
  /** Those that shape the answer. */
  static final Set<String> USED =
      Set.of(
          "model",
          "max_tokens",
          "temperature",
          "top_p",
          "top_k",
          "min_p",
          "typical_p",
          "repetition_penalty",
          "presence_penalty",
          "frequency_penalty",
          "logit_bias",
          "seed",
          "stop",
          "stop_token_ids",
          "ignore_eos",
          "stream",
          "stream_options",
          "n");

  /** Those that say nothing about the answer itself. */
  static final Set<String> IGNORED =
      Set.of(
          "user",
          "metadata",
          "store",
          "service_tier",
          "safety_identifier",
          "prompt_cache_key",
          "prompt_cache_retention");

  private static final int MAX_STOPS = 16;
  private static final int MAX_STOP_LENGTH = 1000;
  private static final double MAX_BIAS = 100;

  private CommonFields() {}

  /**
   * @param maxTokens as asked for; what the context has no room for is left away here
   */
  static SamplingParams sampling(
      Fields body, LoadedModel model, int[] prompt, OptionalInt maxTokens, OptionalInt logprobs) {
    int room = Math.max(1, model.contextTokens() - prompt.length);
    SamplingParams.Builder params =
        SamplingParams.builder().maxTokens(Math.min(maxTokens.orElse(room), room));
    model.info().temperature().ifPresent(params::temperature); // the makers' word before ours
    body.number("temperature").ifPresent(params::temperature);
    body.number("top_p").ifPresent(params::topP);
    body.number("min_p").ifPresent(params::minP);
    body.number("typical_p").ifPresent(params::typicalP);
    body.number("repetition_penalty").ifPresent(params::repetitionPenalty);
    body.number("presence_penalty").ifPresent(params::presencePenalty);
    body.number("frequency_penalty").ifPresent(params::frequencyPenalty);
    body.count("top_k", -1).ifPresent(k -> params.topK(k <= 0 ? SamplingParams.ALL : k));
    OptionalLong seed = body.wholeNumber("seed");
    seed.ifPresent(params::seed);
    logprobs.ifPresent(params::logprobs);
    params.logitBias(logitBias(body, model.tokenizer().vocabSize()));
    params.ignoreEndOfGeneration(body.flag("ignore_eos"));
    params.stopIds(stopIds(body, model.tokenizer().vocabSize()));
    return params.build();
  }

  private static Map<Integer, Float> logitBias(Fields body, int vocabSize) {
    Map<Integer, Float> bias = new HashMap<>();
    body.object("logit_bias")
        .ifPresent(
            entries -> {
              for (String key : entries.object().keySet()) {
                double value = entries.number(key).orElse(0);
                if (Math.abs(value) > MAX_BIAS) {
                  throw ApiError.invalidValue(
                      entries.param(key), "A bias must be -100 to 100, but is " + value + ".");
                }
                bias.put(tokenId(key, vocabSize), (float) value);
              }
            });
    return bias;
  }

  private static int tokenId(String text, int vocabSize) {
    try {
      int id = Integer.parseInt(text);
      if (id >= 0 && id < vocabSize) {
        return id;
      }
    } catch (NumberFormatException e) {
      // The same answer as for an id that the model does not have.
    }
    throw ApiError.invalidValue(
        "logit_bias",
        "'logit_bias' maps token ids to numbers, but '%s' is no token id of this model (0 to %d)."
            .formatted(abbreviated(text), vocabSize - 1));
  }

  /** What a caller sent, short enough for a message. */
  static String abbreviated(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "...";
  }

  private static Set<Integer> stopIds(Fields body, int vocabSize) {
    Set<Integer> ids = new HashSet<>();
    for (Object id : body.array("stop_token_ids").orElse(List.of())) {
      ids.add(Fields.inRange(id, "stop_token_ids", 0, vocabSize - 1));
    }
    return ids;
  }

  /** One stop string or several. */
  static List<String> stops(Fields body) {
    if (body.object().get("stop") instanceof String one) {
      return List.of(checkedStop(one));
    }
    List<Object> values = body.array("stop").orElse(List.of());
    if (values.size() > MAX_STOPS) {
      throw ApiError.invalidValue(
          "stop", "'stop' has %d strings, at most %d.".formatted(values.size(), MAX_STOPS));
    }
    List<String> stops = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw ApiError.invalidType("stop", "a string or an array of strings", value);
      }
      stops.add(checkedStop(text));
    }
    return stops;
  }

  private static String checkedStop(String stop) {
    if (stop.isEmpty() || stop.length() > MAX_STOP_LENGTH) {
      throw ApiError.invalidValue(
          "stop", "A stop string must have 1 to " + MAX_STOP_LENGTH + " characters.");
    }
    return stop;
  }

  static boolean includeUsage(Fields body, boolean stream) {
    if (!body.has("stream_options")) {
      return false;
    }
    if (!stream) {
      throw ApiError.invalidValue(
          "stream_options", "'stream_options' is only allowed when 'stream' is true.");
    }
    Fields options = body.object("stream_options").orElseThrow();
    options.refuseOthers(Set.of("include_usage", "include_obfuscation"));
    return options.flag("include_usage");
  }

  static void refuseSeveralAnswers(Fields body) {
    OptionalInt n = body.count("n", 1);
    if (n.isPresent() && n.getAsInt() > 1) {
      throw ApiError.unsupported("n", "This server gives one answer per request.");
    }
  }

  /** Refuses features that this server does not have, unless the value asks for none. */
  static void refuse(Fields body, Set<String> names) {
    for (String name : names) {
      if (!body.isTrivial(name)) {
        throw ApiError.unsupported(name, "This server does not have it yet.");
      }
    }
  }
}
