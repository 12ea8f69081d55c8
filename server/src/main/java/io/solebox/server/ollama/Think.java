package io.solebox.server.ollama;

import io.solebox.engine.chat.ChatTemplate;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Texts;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code think} of a request: true, false, or how much. */
final class Think {
  /** What a template says that lets a model think. */
  private static final List<String> MARKS =
      List.of("enable_thinking", "reasoning_effort", "think>", "thinking");

  private Think() {}

  /**
   * What the template is told.
   *
   * @throws Problem 400 if the model is to think, and cannot
   */
  static Map<String, Object> variables(Fields body, Models.Named chosen) {
    Optional<Object> given = body.raw("think");
    Map<String, Object> variables = new LinkedHashMap<>();
    if (given.isEmpty()) {
      return variables;
    }
    boolean wanted =
        switch (given.get()) {
          case Boolean flag -> flag;
          case String level -> {
            variables.put("reasoning_effort", level(level));
            yield true;
          }
          case Object other ->
              throw Params.invalidType("think", "a boolean, or high, medium or low", other);
        };
    String template = chosen.model().chatTemplate().map(ChatTemplate::source).orElse("");
    if (wanted && !knows(template)) {
      throw Params.invalidValue(
          "think", "\"%s\" does not support thinking".formatted(chosen.name()));
    }
    variables.put("enable_thinking", wanted);
    variables.put("thinking", wanted);
    return variables;
  }

  private static String level(String text) {
    return switch (text) {
      case "high", "medium", "low" -> text;
      case "max" -> "high";
      default ->
          throw Params.invalidValue(
              "think",
              "'think' is '%s', but must be true, false, high, medium or low."
                  .formatted(Texts.abbreviated(text)));
    };
  }

  /** Whether a template, by its source, lets a model think. */
  static boolean knows(String template) {
    return MARKS.stream().anyMatch(template::contains);
  }
}
