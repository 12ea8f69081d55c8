package io.solebox.app.toolcalls;

import io.solebox.app.console.Console;
import io.solebox.app.console.Inputs;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads the tools of a request from a file. */
final class ToolFile {
  private ToolFile() {}

  /**
   * An array of tools, or an object that has it under {@code tools}; each is {@code {"type":
   * "function", "function": {...}}} or the function alone.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} with the place of what is no tool
   */
  static List<Map<String, Object>> read(Console console, String file) {
    Object value = Inputs.json(console, file);
    if (value instanceof Map<?, ?> map && map.get("tools") instanceof List<?> nested) {
      value = nested;
    }
    if (!(value instanceof List<?> elements)) {
      throw refused(file, "It must be a JSON array of tools, or an object that has it as tools.");
    }
    List<Map<String, Object>> tools = new ArrayList<>();
    for (Object element : elements) {
      tools.add(tool(element, file + ", tools[" + tools.size() + "]"));
    }
    return tools;
  }

  @SuppressWarnings("unchecked") // JSON objects have String keys
  private static Map<String, Object> tool(Object element, String place) {
    if (!(element instanceof Map<?, ?> tool)) {
      throw refused(place, "A tool must be a JSON object.");
    }
    Object function = tool.containsKey("function") ? tool.get("function") : tool;
    if (!(function instanceof Map<?, ?> named) || !(named.get("name") instanceof String)) {
      throw refused(place, "This tool has no name.");
    }
    return (Map<String, Object>) tool;
  }

  private static SoleboxException refused(String place, String message) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        message,
        "Write [{\"type\": \"function\", \"function\": {\"name\": \"f\", \"parameters\": {}}}].");
  }
}
