package io.solebox.server.ollama;

import io.solebox.server.params.FieldTable;

/** The table of fields ({@code fields.txt}) for the bodies of Ollama's API. */
final class OllamaFields {
  static final String CHAT = "chat";
  static final String GENERATE = "generate";
  static final String OPTIONS = "options";
  static final String MESSAGE = "message";
  static final String TOOL_CALL = "tool_call";
  static final String TOOL = "tool";
  static final String EMBED = "embed";
  static final String EMBEDDINGS = "embeddings";
  static final String SHOW = "show";
  static final String PULL = "pull";
  static final String CREATE = "create";
  static final String COPY = "copy";
  static final String NAME = "name";

  private OllamaFields() {}

  static FieldTable table() {
    return FieldTable.read(OllamaFields.class.getResourceAsStream("fields.txt"));
  }
}
