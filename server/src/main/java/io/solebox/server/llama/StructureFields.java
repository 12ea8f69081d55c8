package io.solebox.server.llama;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.formats.FormatReader;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Optional;

/** Reads {@code grammar} and {@code json_schema}. */
final class StructureFields {
  private static final String GRAMMAR = "grammar";
  private static final String SCHEMA = "json_schema";

  private StructureFields() {}

  /** Empty for any text. */
  static Optional<AskedStructure> read(Fields body) {
    Optional<AskedStructure> grammar =
        body.string(GRAMMAR)
            .filter(text -> !text.isEmpty())
            .map(text -> new AskedStructure(new Structure.Gbnf(text), GRAMMAR));
    Optional<AskedStructure> schema =
        body.raw(SCHEMA).map(value -> FormatReader.schema(value, SCHEMA));
    if (grammar.isPresent() && schema.isPresent()) {
      throw Params.invalidValue(SCHEMA, "'grammar' and 'json_schema' cannot stand together.");
    }
    return grammar.or(() -> schema);
  }
}
