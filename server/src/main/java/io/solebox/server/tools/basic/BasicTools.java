package io.solebox.server.tools.basic;

import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolSource;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** What the server has itself: tools that need nothing but it. */
public record BasicTools(List<Tool> tools) implements ToolSource {
  /** A page gives a program ten seconds, and may take some to begin. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  public static BasicTools with(Clock clock) {
    return new BasicTools(List.of(new Calculator(), new TimeTool(clock), new ScriptTool(PATIENCE)));
  }
}
