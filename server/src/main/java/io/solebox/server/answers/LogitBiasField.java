package io.solebox.server.answers;

import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * {@code logit_bias}: tokens and numbers, as an object or as pairs in an array; false bans, as does
 * -100. In a pair, as in llama-server, a number is an id and a string is a text, of which each
 * token is meant; names in an object are ids.
 *
 * @param textNames whether a name in an object that is no number is a text, as in llama-server
 */
public record LogitBiasField(Tokenizer tokenizer, boolean textNames) {
  private static final String NAME = "logit_bias";
  private static final double MAX_BIAS = 100;
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

  /** The biases by token id. */
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
        named(entry.getKey(), param).forEach(id -> bias.put(id, value));
      }
    }
    return bias;
  }

  private IntStream ids(Object token, String param) {
    return token instanceof String text
        ? textIds(text, param)
        : IntStream.of(Whole.inRange(token, param, 0, tokenizer.vocabSize() - 1));
  }

  private IntStream textIds(String text, String param) {
    int[] ids = tokenizer.encode(text, Specials.AS_TEXT, false);
    if (ids.length == 0) {
      throw Params.invalidValue(param, "An empty text has no token that could have a bias.");
    }
    return IntStream.of(ids);
  }

  private IntStream named(String name, String param) {
    if (textNames && !NUMBER.matcher(name).matches()) {
      return textIds(name, param);
    }
    try {
      int id = Integer.parseInt(name);
      if (id >= 0 && id < tokenizer.vocabSize()) {
        return IntStream.of(id);
      }
    } catch (NumberFormatException e) {
      // The same as for an id that the model does not have.
    }
    throw Params.invalidValue(
        param,
        "'logit_bias' maps token ids to numbers, but '%s' is no token id of this model (0 to %d)."
            .formatted(Texts.abbreviated(name), tokenizer.vocabSize() - 1));
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
