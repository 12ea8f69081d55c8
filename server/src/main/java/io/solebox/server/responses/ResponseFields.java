package io.solebox.server.responses;

import io.solebox.engine.json.JsonSkips;
import io.solebox.server.params.FieldTable;

/** The table of fields ({@code fields.txt}) for the bodies of responses and conversations. */
final class ResponseFields {
  static final String RESPONSE = "response";
  static final String CONVERSATION = "conversation";
  static final String NOTES = "notes";
  static final String ITEMS = "items";
  static final String ITEM = "item";
  static final String PART = "part";
  static final String TOOL = "tool";
  static final String INPUT_FORMAT = "input_format";
  static final String CHOICE = "choice";
  static final String FORMAT = "format";
  static final String TEXT = "text";
  static final String REASONING = "reasoning";
  static final String STREAM_OPTIONS = "stream_options";

  private ResponseFields() {}

  static FieldTable table() {
    return FieldTable.read(ResponseFields.class.getResourceAsStream("fields.txt"));
  }

  static JsonSkips skips(FieldTable table) {
    return JsonSkips.of(table.withoutEffect(RESPONSE, ""));
  }
}
