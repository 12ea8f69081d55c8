package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.regex.RegexException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * JSON Schema (2020-12, with what drafts 4 to 7 spelled otherwise) as a grammar of JSON texts. A
 * text that the grammar accepts is one JSON value for which the schema holds, with no white space
 * before or behind it. What a grammar cannot promise is refused with the place of the keyword.
 */
public final class JsonSchema {
  private static final JsonLimits LIMITS = new JsonLimits(8 << 20, 200, 1 << 20, 500_000);

  private JsonSchema() {}

  /**
   * @param schema a value as {@link JsonReader} makes it: an object, true or false
   * @throws SoleboxException with the JSON pointer of what cannot be held as its place
   */
  public static Grammar grammar(Object schema, SchemaOptions options) {
    return grammar(schema, options, new Budget());
  }

  private static Grammar grammar(Object schema, SchemaOptions options, Budget budget) {
    return held(
        budget,
        () -> {
          Document document = new Document(schema, budget);
          return new Emission(document, options, budget, Optional.empty()).grammar(document.root());
        });
  }

  /**
   * The arguments of a call, as a format writes them that has no JSON object. A text that the
   * grammar accepts is read as an object for which the schema holds.
   *
   * @param utf8 the text of a schema
   * @param budget of the grammar that the schema is a part of
   * @throws SoleboxException likewise, and for what the format cannot write
   */
  public static Grammar arguments(
      byte[] utf8, SchemaOptions options, Budget budget, CallForm form) {
    Object schema = read(utf8);
    return held(
        budget,
        () -> {
          Document document = new Document(schema, budget);
          return new Emission(document, options, budget, Optional.of(form))
              .arguments(document.root(), form);
        });
  }

  private static Grammar held(Budget budget, Supplier<Grammar> making) {
    try {
      Grammar left = Simplification.of(making.get(), budget);
      if (!left.rules().containsKey(left.root())) {
        throw Refusal.malformed("#", "No value can be what the schema asks.");
      }
      return left;
    } catch (RegexException e) {
      throw Refusal.tooMuch("#", "The schema cannot be held: %s.".formatted(e.getMessage()));
    }
  }

  /**
   * @param utf8 the text of a schema
   * @throws SoleboxException likewise, and if it is no JSON
   */
  public static Grammar grammar(byte[] utf8, SchemaOptions options) {
    return grammar(utf8, options, new Budget());
  }

  /**
   * @param budget of the grammar that the schema is a part of
   * @throws SoleboxException likewise
   */
  public static Grammar grammar(byte[] utf8, SchemaOptions options, Budget budget) {
    return grammar(read(utf8), options, budget);
  }

  private static Object read(byte[] utf8) {
    try {
      return new JsonReader(LIMITS).read(utf8);
    } catch (JsonException e) {
      throw Refusal.malformed("#", "The schema is not JSON: " + e.getMessage() + ".");
    }
  }
}
