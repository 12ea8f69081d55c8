package io.solebox.server.openai;

import io.solebox.server.http.Texts;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.params.Whole;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much the model is to think before it answers, in all the words that programs have for it.
 *
 * @param effort as in {@link #EFFORTS}
 * @param budget most tokens of thoughts
 */
record ThinkingFields(Optional<Boolean> enabled, Optional<String> effort, OptionalInt budget) {
  /** From nothing to most, as OpenAI has them. */
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh");

  static ThinkingFields read(Fields body) {
    ThinkingFields own =
        new ThinkingFields(
            flag(body, "enable_thinking"),
            body.string("reasoning_effort"),
            budget(body, "thinking_budget"));
    ThinkingFields all =
        own.or(thinking(body))
            .or(body.object("reasoning", OpenAiFields.REASONING).map(ThinkingFields::reasoning));
    all.effort().ifPresent(ThinkingFields::requireKnown);
    return all;
  }

  /** Anthropic's object, which others took over; or a flag. */
  private static Optional<ThinkingFields> thinking(Fields body) {
    if (body.raw("thinking").filter(Boolean.class::isInstance).isPresent()) {
      return Optional.of(
          new ThinkingFields(flag(body, "thinking"), Optional.empty(), OptionalInt.empty()));
    }
    return body.object("thinking", OpenAiFields.REASONING)
        .map(
            fields -> {
              var read =
                  new ThinkingFields(
                      type(fields), Optional.empty(), budget(fields, "budget_tokens"));
              fields.settle(false);
              return read;
            });
  }

  /** OpenRouter's object, and that of OpenAI's responses. */
  private static ThinkingFields reasoning(Fields fields) {
    var read =
        new ThinkingFields(
            flag(fields, "enabled"), fields.string("effort"), budget(fields, "max_tokens"));
    fields.settle(false);
    return read;
  }

  /** What is said here, and the rest as it is said there. */
  private ThinkingFields or(Optional<ThinkingFields> there) {
    return there
        .map(
            other ->
                new ThinkingFields(
                    enabled.or(other::enabled),
                    effort.or(other::effort),
                    budget.isPresent() ? budget : other.budget()))
        .orElse(this);
  }

  private static Optional<Boolean> flag(Fields fields, String name) {
    return fields.has(name) ? Optional.of(fields.flag(name)) : Optional.empty();
  }

  private static Optional<Boolean> type(Fields thinking) {
    return thinking
        .string("type")
        .map(
            type ->
                switch (type) {
                  case "enabled", "adaptive", "auto" -> true;
                  case "disabled" -> false;
                  default ->
                      throw Params.invalidValue(
                          "thinking.type",
                          "'thinking.type' is '%s', but must be enabled, adaptive or disabled."
                              .formatted(Texts.abbreviated(type)));
                });
  }

  /** Negative is no budget. */
  private static OptionalInt budget(Fields fields, String name) {
    Optional<Whole> given = fields.whole(name);
    if (given.isEmpty()) {
      return OptionalInt.empty();
    }
    int tokens = given.get().atLeast(fields.param(name), -1);
    return tokens < 0 ? OptionalInt.empty() : OptionalInt.of(tokens);
  }

  private static void requireKnown(String effort) {
    if (!EFFORTS.contains(effort)) {
      throw Params.invalidValue(
          "reasoning_effort",
          "'reasoning_effort' is '%s', but must be one of: %s."
              .formatted(Texts.abbreviated(effort), String.join(", ", EFFORTS)));
    }
  }

  /**
   * What a template is told: whether to think ({@code enable_thinking}, {@code thinking}), and how
   * much ({@code reasoning_effort}), in the words that it knows.
   *
   * @param template its source
   */
  Map<String, Object> variables(String template) {
    Map<String, Object> variables = new LinkedHashMap<>();
    effort.ifPresent(wished -> variables.put("reasoning_effort", known(wished, template)));
    enabled
        .or(() -> effort.map(wished -> EFFORTS.indexOf(wished) >= EFFORTS.indexOf("low")))
        .or(
            () ->
                budget.isPresent() && budget.getAsInt() == 0
                    ? Optional.of(false)
                    : Optional.empty())
        .ifPresent(
            thinks -> {
              variables.put("enable_thinking", thinks);
              variables.put("thinking", thinks);
            });
    return variables;
  }

  /** All that know efforts know low, medium and high; others only where a template names them. */
  private static String known(String effort, String template) {
    boolean named = template.contains("'" + effort + "'") || template.contains('"' + effort + '"');
    return switch (effort) {
      case "none", "minimal" -> named ? effort : "low";
      case "xhigh" -> named ? effort : "high";
      case String usual -> usual;
    };
  }
}
