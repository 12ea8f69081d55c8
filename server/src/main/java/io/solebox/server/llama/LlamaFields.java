package io.solebox.server.llama;

import io.solebox.server.params.FieldTable;

/** The table of fields ({@code fields.txt}) for the bodies of llama-server's own routes. */
final class LlamaFields {
  static final String COMPLETION = "completion";
  static final String INFILL = "infill";
  static final String EMBEDDING = "embedding";

  private LlamaFields() {}

  static FieldTable table() {
    return FieldTable.read(LlamaFields.class.getResourceAsStream("fields.txt"));
  }
}
