package io.solebox.server.openai;

import io.solebox.server.answers.CallRules;
import java.util.List;
import java.util.Map;

/**
 * The tools of a chat, and what is to be done with them.
 *
 * @param tools that the model is shown, as templates take them
 * @param legacy whether they came as {@code functions}, so that calls go as {@code function_call}
 */
record ToolUse(List<Map<String, Object>> tools, CallRules rules, boolean legacy) {
  static final ToolUse NONE = new ToolUse(List.of(), CallRules.FREE, false);
}
