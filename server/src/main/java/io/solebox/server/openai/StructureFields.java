package io.solebox.server.openai;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.formats.AskedStructures;
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
  private final AskedStructures asked = new AskedStructures();

  private StructureFields() {}

  /**
   * @throws io.solebox.server.http.Problem 400 that names the parameter
   */
  static Optional<AskedStructure> read(Fields body) {
    StructureFields fields = new StructureFields();
    body.object("response_format", OpenAiFields.RESPONSE_FORMAT)
        .flatMap(FormatReader::nested)
        .ifPresent(fields.asked::add);
    fields.asked.addOfLlamaServer(body);
    fields.members(body, "guided_");
    body.object("structured_outputs", OpenAiFields.STRUCTURED_OUTPUTS)
        .ifPresent(
            outputs -> {
              fields.members(outputs, "");
              if (outputs.flag("json_object")) {
                fields.asked.add(new Structure.JsonObject(), outputs.param("json_object"));
              }
              outputs.settle(false);
            });
    return fields.asked.only();
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
        .ifPresent(pattern -> asked.add(new Structure.Regex(pattern), fields.param(regex)));
    String choice = prefix + "choice";
    fields
        .array(choice)
        .ifPresent(
            texts ->
                asked.add(
                    new Structure.Choice(texts(texts, fields.param(choice))),
                    fields.param(choice)));
    String grammar = prefix + "grammar";
    fields
        .string(grammar)
        .ifPresent(text -> asked.add(Structure.grammar(text), fields.param(grammar)));
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
