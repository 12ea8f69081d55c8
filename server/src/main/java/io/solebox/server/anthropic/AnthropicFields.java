package io.solebox.server.anthropic;

import io.solebox.engine.json.JsonSkips;
import io.solebox.server.params.FieldTable;
import java.util.ArrayList;
import java.util.List;

/** The table of fields ({@code fields.txt}) for the bodies of messages. */
final class AnthropicFields {
  static final String MESSAGES = "messages";
  static final String COUNT = "count_tokens";
  static final String MESSAGE = "message";
  static final String BLOCK = "block";
  static final String TOOL = "tool";
  static final String TOOL_CHOICE = "tool_choice";
  static final String THINKING = "thinking";
  static final String OUTPUT_CONFIG = "output_config";
  static final String FORMAT = "format";
  static final String METADATA = "metadata";

  private AnthropicFields() {}

  static FieldTable table() {
    return FieldTable.read(AnthropicFields.class.getResourceAsStream("fields.txt"));
  }

  /** What need not even be parsed in a body. */
  static JsonSkips skips(FieldTable table, String place) {
    List<String> places = new ArrayList<>(table.withoutEffect(place, ""));
    places.addAll(table.withoutEffect(BLOCK, "messages[].content[]."));
    places.addAll(table.withoutEffect(BLOCK, "system[]."));
    places.addAll(table.withoutEffect(TOOL, "tools[]."));
    return JsonSkips.of(places);
  }
}
