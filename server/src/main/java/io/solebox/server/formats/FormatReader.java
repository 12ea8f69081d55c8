package io.solebox.server.formats;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Map;
import java.util.Optional;

/** Reads the formats of answers that the APIs have in common. */
public final class FormatReader {
  /** Of tables of fields: where a schema with a name stands. */
  private static final String JSON_SCHEMA = "json_schema";

  private FormatReader() {}

  /**
   * OpenAI's {@code response_format}, where a schema stands in a member of its own.
   *
   * @return empty for any text
   */
  public static Optional<AskedStructure> nested(Fields format) {
    return read(format, true);
  }

  /**
   * The same as newer APIs have it, where the schema stands beside the type.
   *
   * @return empty for any text
   */
  public static Optional<AskedStructure> flat(Fields format) {
    return read(format, false);
  }

  private static Optional<AskedStructure> read(Fields format, boolean nested) {
    String type = format.string("type").orElseThrow(() -> Params.missing(format.param("type")));
    Optional<AskedStructure> asked =
        switch (type) {
          case "text" -> Optional.empty();
          case "json_object" -> Optional.of(object(format));
          case JSON_SCHEMA -> Optional.of(named(nested ? inner(format) : format));
          case "grammar" -> Optional.of(grammar(format));
          case "structural_tag" ->
              throw Params.unsupported(
                  format.param("type"),
                  "Structural tags are not supported; use 'json_schema', or a grammar.");
          default ->
              throw Params.invalidValue(
                  format.param("type"),
                  "'%s' is '%s', but must be text, json_object, json_schema or grammar."
                      .formatted(format.param("type"), Texts.abbreviated(type)));
        };
    format.settle(false);
    return asked;
  }

  private static Fields inner(Fields format) {
    return format
        .object(JSON_SCHEMA, JSON_SCHEMA)
        .orElseThrow(() -> Params.missing(format.param(JSON_SCHEMA)));
  }

  /** Some servers take a schema here, too. */
  private static AskedStructure object(Fields format) {
    return format
        .raw("schema")
        .map(schema -> schema(schema, format.param("schema")))
        .orElseGet(() -> new AskedStructure(new Structure.JsonObject(), format.param("type")));
  }

  /** Held to in full, whatever {@code strict} says. */
  private static AskedStructure named(Fields named) {
    named.string("name");
    named.string("description");
    named.flag("strict");
    Object schema = named.raw("schema").orElseThrow(() -> Params.missing(named.param("schema")));
    AskedStructure asked = schema(schema, named.param("schema"));
    named.settle(false);
    return asked;
  }

  private static AskedStructure grammar(Fields format) {
    String text =
        format.string("grammar").orElseThrow(() -> Params.missing(format.param("grammar")));
    return new AskedStructure(Structure.grammar(text), format.param("grammar"));
  }

  /**
   * @param value as the request has it
   */
  public static AskedStructure schema(Object value, String param) {
    if (!(value instanceof Map<?, ?>) && !(value instanceof Boolean)) {
      throw Params.invalidType(param, "an object", value);
    }
    return new AskedStructure(new Structure.Schema(new JsonWriter().text(value)), param);
  }
}
