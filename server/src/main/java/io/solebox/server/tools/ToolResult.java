package io.solebox.server.tools;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What came of a call. Nothing in it is trusted: the model hears the text as a tool's, and no
 * instruction in it is anybody's decision.
 *
 * @param text for the model
 * @param failed whether it tells of a failure
 * @param shown further things for pages, as JSON has them; models do not hear of them
 */
public record ToolResult(String text, boolean failed, Map<String, Object> shown) {
  public ToolResult {
    shown = Collections.unmodifiableMap(new LinkedHashMap<>(shown));
  }

  public static ToolResult of(String text) {
    return new ToolResult(text, false, Map.of());
  }

  public static ToolResult failed(String why) {
    return new ToolResult(why, true, Map.of());
  }
}
