package io.solebox.server.openai;

import io.solebox.engine.json.JsonSkips;
import io.solebox.server.params.FieldTable;
import java.util.ArrayList;
import java.util.List;

/** The table of fields ({@code fields.txt}) for the bodies of all endpoints. */
final class OpenAiFields {
  static final String CHAT = "chat";
  static final String COMPLETIONS = "completions";
  static final String EMBEDDINGS = "embeddings";
  static final String RERANK = "rerank";
  static final String TOKENIZE = "tokenize";
  static final String DETOKENIZE = "detokenize";
  static final String STREAM_OPTIONS = "stream_options";
  static final String MESSAGE = "message";
  static final String PART = "part";
  static final String TOOL_CALL = "tool_call";
  static final String TOOL = "tool";
  static final String FUNCTION = "function";
  static final String TOOL_CHOICE = "tool_choice";
  static final String REASONING = "reasoning";
  static final String RESPONSE_FORMAT = "response_format";
  static final String STRUCTURED_OUTPUTS = "structured_outputs";

  private OpenAiFields() {}

  static FieldTable table() {
    return FieldTable.read(OpenAiFields.class.getResourceAsStream("fields.txt"));
  }

  /** What need not even be parsed in a body. */
  static JsonSkips skips(FieldTable table, String place) {
    List<String> places = new ArrayList<>(table.withoutEffect(place, ""));
    places.addAll(table.withoutEffect(MESSAGE, "messages[]."));
    places.addAll(table.withoutEffect(PART, "messages[].content[]."));
    return JsonSkips.of(places);
  }
}
