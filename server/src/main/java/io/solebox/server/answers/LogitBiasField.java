package io.solebox.server.answers;

import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code logit_bias}: tokens and numbers, as an object or as pairs in an array; false bans, as does
 * -100.
 *
 * @param vocabSize of the model
 * @param texts how a token is named that is not named by its id
 */
public record LogitBiasField(int vocabSize, Names texts) {
  private static final String NAME = "logit_bias";
  private static final double MAX_BIAS = 100;

  /** Tokens by a text. */
  @FunctionalInterface
  public interface Names {
    int[] ids(String text);
  }

  /** Tokens have no other names than their ids. */
  public LogitBiasField(int vocabSize) {
    this(
        vocabSize,
        text -> {
          throw Params.invalidValue(
              NAME,
              "'logit_bias' maps token ids to numbers, but '%s' is no token id of this model (0 to %d)."
                  .formatted(Texts.abbreviated(text), vocabSize - 1));
        });
  }

  public Map<Integer, Float> read(Fields body) {
    Map<Integer, Float> bias = new HashMap<>();
    Optional<Object> given = body.raw(NAME);
    String param = body.param(NAME);
    if (given.isPresent() && given.get() instanceof List<?> pairs) {
      for (Object pair : pairs) {
        if (!(pair instanceof List<?> two) || two.size() != 2) {
          throw Params.invalidType(param, "an object, or an array of pairs", pair);
        }
        float value = bias(two.getLast(), param);
        ids(two.getFirst(), param).forEach(id -> bias.put(id, value));
      }
    } else if (given.isPresent()) {
      for (var entry : Fields.members(given.get(), param).entrySet()) {
        float value = bias(entry.getValue(), param + "." + entry.getKey());
        ids(entry.getKey(), param).forEach(id -> bias.put(id, value));
      }
    }
    return bias;
  }

  private IntStream ids(Object token, String param) {
    if (!(token instanceof String text)) {
      return IntStream.of(Whole.inRange(token, param, 0, vocabSize - 1));
    }
    try {
      int id = Integer.parseInt(text);
      if (id >= 0 && id < vocabSize) {
        return IntStream.of(id);
      }
    } catch (NumberFormatException e) {
      // The same as for an id that the model does not have.
    }
    return IntStream.of(texts.ids(text));
  }

  private static float bias(Object value, String param) {
    return switch (value) {
      case Boolean flag when !flag -> (float) -MAX_BIAS;
      case Number number when Math.abs(number.doubleValue()) <= MAX_BIAS -> number.floatValue();
      case Number number ->
          throw Params.invalidValue(
              param, "A bias must be -100 to 100, but is " + number.doubleValue() + ".");
      case null -> 0;
      case Object other -> throw Params.invalidType(param, "a number", other);
    };
  }
}
