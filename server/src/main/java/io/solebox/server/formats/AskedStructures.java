package io.solebox.server.formats;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.server.answers.AskedStructure;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the parameters of one request say of its answer; one of them at most may say something. */
public final class AskedStructures {
  private final List<AskedStructure> asked = new ArrayList<>();

  public void add(AskedStructure structure) {
    asked.add(structure);
  }

  public void add(Structure structure, String param) {
    add(new AskedStructure(structure, param));
  }

  /** {@code grammar} and {@code json_schema}, as llama-server has them. */
  public void addOfLlamaServer(Fields body) {
    body.string("grammar")
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> add(new Structure.Gbnf(text), body.param("grammar")));
    body.raw("json_schema")
        .ifPresent(schema -> add(FormatReader.schema(schema, body.param("json_schema"))));
  }

  /**
   * @return empty for any text
   * @throws io.solebox.server.http.Problem 400 if several say something
   */
  public Optional<AskedStructure> only() {
    if (asked.size() > 1) {
      throw Params.invalidValue(
          asked.get(1).param(),
          "'%s' and '%s' cannot stand together."
              .formatted(asked.getFirst().param(), asked.get(1).param()));
    }
    return asked.stream().findFirst();
  }
}
