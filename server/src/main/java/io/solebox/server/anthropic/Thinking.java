package io.solebox.server.anthropic;

import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Whether the model is to think before it answers, as a request says it ({@code thinking}, {@code
 * output_config.effort}).
 *
 * @param wanted false also where the request says nothing, as at Anthropic
 * @param shown whether what it thinks is a part of the answer
 * @param budget most tokens to think with
 */
record Thinking(boolean wanted, boolean shown, OptionalInt budget, Optional<String> effort) {
  /** As Anthropic has it. */
  private static final int LEAST_BUDGET = 1024;

  /**
   * @param effort that is asked for
   * @param maxTokens of the answer, where it has any
   */
  static Thinking read(Fields body, Optional<String> effort, OptionalInt maxTokens) {
    Optional<Fields> given = body.object("thinking", AnthropicFields.THINKING);
    if (given.isEmpty()) {
      return new Thinking(false, true, OptionalInt.empty(), effort);
    }
    Fields thinking = given.get();
    String type = thinking.string("type").orElseThrow(() -> Params.missing(thinking.param("type")));
    boolean shown = !thinking.string("display").orElse("").equals("omitted");
    Thinking read =
        switch (type) {
          case "enabled" -> new Thinking(true, shown, budget(thinking, maxTokens), effort);
          case "adaptive" -> new Thinking(true, shown, OptionalInt.empty(), effort);
          case "disabled", "between_tools" ->
              new Thinking(false, shown, OptionalInt.empty(), effort);
          default ->
              throw Params.invalidValue(
                  thinking.param("type"),
                  "'thinking.type' is '%s', but must be enabled, adaptive, between_tools or disabled."
                      .formatted(Texts.abbreviated(type)));
        };
    thinking.settle(false);
    return read;
  }

  private static OptionalInt budget(Fields thinking, OptionalInt maxTokens) {
    String param = thinking.param("budget_tokens");
    int budget =
        thinking
            .whole("budget_tokens")
            .orElseThrow(() -> Params.missing(param))
            .atLeast(param, LEAST_BUDGET);
    if (maxTokens.isPresent() && budget >= maxTokens.getAsInt()) {
      throw Params.invalidValue(
          param,
          "'%s' is %d, but must be less than 'max_tokens', which is %d."
              .formatted(param, budget, maxTokens.getAsInt()));
    }
    return OptionalInt.of(budget);
  }

  /** What templates know of it; the names are those that most of them have. */
  Map<String, Object> variables() {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("enable_thinking", wanted);
    variables.put("thinking", wanted);
    effort.ifPresent(
        text ->
            variables.put(
                "reasoning_effort", text.equals("xhigh") || text.equals("max") ? "high" : text));
    return variables;
  }
}
