package io.solebox.server.tools.mcp;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolException;
import io.solebox.server.tools.ToolResult;
import io.solebox.server.tools.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A tool of a server, under a name that begins with its.
 *
 * @param name by which the server knows it
 */
record McpTool(ToolSpec spec, String name, McpClient client) implements Tool {
  private static final int MAX_DESCRIPTION = 4096;
  private static final int MAX_SCHEMA = 32 << 10;

  /** A call is given up by whoever waits for it, before this. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Signs that nobody sees, but models read, or that turn the order of others around. */
  private static final Pattern UNSEEN =
      Pattern.compile(
          "[\\p{Cc}&&[^\\n\\r\\t]]|[\\x{E0000}-\\x{E007F}\\x{202A}-\\x{202E}\\x{2066}-\\x{2069}]");

  private static final JsonWriter JSON = new JsonWriter();

  /**
   * @param server its name
   * @param listed as the server lists it
   * @throws McpException if nobody could allow it knowing what it is
   */
  @SuppressWarnings("unchecked") // the reader makes no other maps
  static McpTool of(String server, Map<String, Object> listed, McpClient client)
      throws McpException {
    if (!(listed.get("name") instanceof String name)) {
      throw new McpException("A tool has no name.");
    }
    String called = server + "__" + name.replaceAll("[^A-Za-z0-9_-]", "_");
    if (!ToolSpec.isName(called)) {
      throw new McpException("The tool '%s' is left out: its name is too long.".formatted(name));
    }
    String description = listed.get("description") instanceof String text ? text : "";
    if (description.length() > MAX_DESCRIPTION) {
      throw new McpException(
          "The tool '%s' is left out: its description is longer than %d characters."
              .formatted(name, MAX_DESCRIPTION));
    }
    Map<String, Object> schema =
        listed.get("inputSchema") instanceof Map<?, ?> map
            ? (Map<String, Object>) map
            : Map.of("type", "object");
    String written = JSON.text(schema);
    if (written.length() > MAX_SCHEMA) {
      throw new McpException(
          "The tool '%s' is left out: its parameters are longer than %d characters."
              .formatted(name, MAX_SCHEMA));
    }
    if (UNSEEN.matcher(name + description + written).find()) {
      throw new McpException(
          "The tool '%s' is left out: it describes itself with signs that nobody can see."
              .formatted(name));
    }
    boolean onlyReads =
        listed.get("annotations") instanceof Map<?, ?> hints
            && Boolean.TRUE.equals(hints.get("readOnlyHint"));
    return new McpTool(new ToolSpec(called, description, schema, server, onlyReads), name, client);
  }

  @Override
  public ToolResult call(Map<String, Object> arguments, ToolCaller who)
      throws InterruptedException {
    try {
      return result(
          client.ask("tools/call", Map.of("name", name, "arguments", arguments), PATIENCE));
    } catch (McpException e) {
      throw new ToolException(e.getMessage());
    }
  }

  private static ToolResult result(Map<String, Object> result) {
    List<String> parts = new ArrayList<>();
    if (result.get("content") instanceof List<?> content) {
      content.forEach(part -> parts.add(part(part)));
    }
    if (parts.isEmpty()) {
      Optional.ofNullable(result.get("structuredContent"))
          .ifPresent(structured -> parts.add(JSON.text(structured)));
    }
    String text =
        parts.isEmpty() ? "It is done, and there is no result." : String.join("\n", parts);
    return new ToolResult(text, Boolean.TRUE.equals(result.get("isError")), Map.of());
  }

  private static String part(Object part) {
    if (!(part instanceof Map<?, ?> its)) {
      return "[A part that is none.]";
    }
    return switch (String.valueOf(its.get("type"))) {
      case "text" -> String.valueOf(its.get("text"));
      case "resource" ->
          its.get("resource") instanceof Map<?, ?> resource
                  && resource.get("text") instanceof String text
              ? text
              : "[A resource that is no text, and is not shown to the model.]";
      case "resource_link" -> "[A resource: %s]".formatted(its.get("uri"));
      case String type -> "[A part of type '%s', which is not shown to the model.]".formatted(type);
    };
  }
}
