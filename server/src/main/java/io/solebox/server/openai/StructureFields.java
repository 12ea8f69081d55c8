package io.solebox.server.openai;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.formats.FormatReader;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads what says how an answer is to be: {@code response_format}, and the names that vLLM and
 * llama-server have for it. One of them at most says something.
 */
final class StructureFields {
  private final List<AskedStructure> asked = new ArrayList<>();

  private StructureFields() {}

  /**
   * @throws io.solebox.server.http.Problem 400 that names the parameter
   */
  static Optional<AskedStructure> read(Fields body) {
    StructureFields fields = new StructureFields();
    body.object("response_format", OpenAiFields.RESPONSE_FORMAT)
        .flatMap(FormatReader::nested)
        .ifPresent(fields.asked::add);
    fields.ofLlamaServer(body);
    fields.members(body, "guided_");
    body.object("structured_outputs", OpenAiFields.STRUCTURED_OUTPUTS)
        .ifPresent(
            outputs -> {
              fields.members(outputs, "");
              if (outputs.flag("json_object")) {
                fields.add(new Structure.JsonObject(), outputs.param("json_object"));
              }
              outputs.settle(false);
            });
    if (fields.asked.size() > 1) {
      throw Params.invalidValue(
          fields.asked.get(1).param(),
          "'%s' and '%s' cannot stand together."
              .formatted(fields.asked.getFirst().param(), fields.asked.get(1).param()));
    }
    return fields.asked.stream().findFirst();
  }

  private void add(Structure structure, String param) {
    asked.add(new AskedStructure(structure, param));
  }

  private void ofLlamaServer(Fields body) {
    body.string("grammar")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> add(new Structure.Gbnf(text), body.param("grammar")));
    body.raw("json_schema")
        .ifPresent(schema -> asked.add(FormatReader.schema(schema, body.param("json_schema"))));
  }

  /**
   * The names of vLLM.
   *
   * @param prefix of each
   */
  private void members(Fields fields, String prefix) {
    String json = prefix + "json";
    fields
        .raw(json)
        .ifPresent(
            value ->
                asked.add(
                    value instanceof String text
                        ? new AskedStructure(new Structure.Schema(text), fields.param(json))
                        : FormatReader.schema(value, fields.param(json))));
    String regex = prefix + "regex";
    fields
        .string(regex)
        .ifPresent(pattern -> add(new Structure.Regex(pattern), fields.param(regex)));
    String choice = prefix + "choice";
    fields
        .array(choice)
        .ifPresent(
            texts ->
                add(
                    new Structure.Choice(texts(texts, fields.param(choice))),
                    fields.param(choice)));
    String grammar = prefix + "grammar";
    fields.string(grammar).ifPresent(text -> add(Structure.grammar(text), fields.param(grammar)));
  }

  private static List<String> texts(List<Object> values, String param) {
    List<String> texts = new ArrayList<>();
    for (Object value : values) {
      if (!(value instanceof String text)) {
        throw Params.invalidType(param + "[" + texts.size() + "]", "a string", value);
      }
      texts.add(text);
    }
    return texts;
  }
}
