package io.solebox.server.tools;

import java.util.Map;

/** Something that a model can have done. Safe for many threads. */
public interface Tool {
  ToolSpec spec();

  /**
   * Does it. Whoever calls has bounded how long it may take, and interrupts it then.
   *
   * @param arguments as the model has written them: anything, whatever the schema says
   * @throws ToolException if it cannot be done; the model is told why
   */
  ToolResult call(Map<String, Object> arguments, ToolCaller who) throws InterruptedException;
}
