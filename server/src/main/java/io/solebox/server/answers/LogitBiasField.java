package io.solebox.server.answers;

import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.ArrayList;
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
 * @param entries as they were given
 * @param param under which they were
 */
public record LogitBiasField(List<Entry> entries, String param) {
  private static final String NAME = "logit_bias";
  private static final double MAX_BIAS = 100;
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]+");

  /** A token and its bias. */
  private record Entry(Token token, float bias) {}

  /** How a token is meant. */
  private sealed interface Token {
    /** Whatever stands in a pair and is no text. */
    record Id(Object given) implements Token {}

    /** A name in an object that must be an id. */
    record IdName(String name) implements Token {}

    /** Each token of it. */
    record Text(String text) implements Token {}
  }

  /**
   * Before a model is there; so what its vocabulary has not, is refused only by {@link #of}.
   *
   * @param textNames whether a name in an object that is no number is a text, as in llama-server
   */
  public static LogitBiasField read(Fields body, boolean textNames) {
    List<Entry> entries = new ArrayList<>();
    Optional<Object> given = body.raw(NAME);
    String param = body.param(NAME);
    if (given.isPresent() && given.get() instanceof List<?> pairs) {
      for (Object pair : pairs) {
        if (!(pair instanceof List<?> two) || two.size() != 2) {
          throw Params.invalidType(param, "an object, or an array of pairs", pair);
        }
        float value = bias(two.getLast(), param);
        Object token = two.getFirst();
        entries.add(
            new Entry(
                token instanceof String text ? new Token.Text(text) : new Token.Id(token), value));
      }
    } else if (given.isPresent()) {
      for (var entry : Fields.members(given.get(), param).entrySet()) {
        float value = bias(entry.getValue(), param + "." + entry.getKey());
        boolean isText = textNames && !NUMBER.matcher(entry.getKey()).matches();
        entries.add(
            new Entry(
                isText ? new Token.Text(entry.getKey()) : new Token.IdName(entry.getKey()), value));
      }
    }
    return new LogitBiasField(entries, param);
  }

  /** The biases by token id. */
  public Map<Integer, Float> of(Tokenizer tokenizer) {
    Map<Integer, Float> biases = new HashMap<>();
    for (Entry entry : entries) {
      ids(entry.token(), tokenizer).forEach(id -> biases.put(id, entry.bias()));
    }
    return biases;
  }

  private IntStream ids(Token token, Tokenizer tokenizer) {
    return switch (token) {
      case Token.Id(Object given) ->
          IntStream.of(Whole.inRange(given, param, 0, tokenizer.vocabSize() - 1));
      case Token.IdName(String name) -> IntStream.of(named(name, tokenizer));
      case Token.Text(String text) -> IntStream.of(textIds(text, tokenizer));
    };
  }

  private int[] textIds(String text, Tokenizer tokenizer) {
    int[] ids = tokenizer.encode(text, Specials.AS_TEXT, false);
    if (ids.length == 0) {
      throw Params.invalidValue(param, "An empty text has no token that could have a bias.");
    }
    return ids;
  }

  private int named(String name, Tokenizer tokenizer) {
    try {
      int id = Integer.parseInt(name);
      if (id >= 0 && id < tokenizer.vocabSize()) {
        return id;
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
