package io.solebox.engine.answer;

import io.solebox.engine.answer.TaggedSyntax.Tags;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The families of answers that are known, told by what their chat templates say. A new family is a
 * line here and a syntax.
 */
final class AnswerSyntaxes {
  /**
   * @param isOf whether a template, by its source, is of this family
   */
  private record Family(Predicate<String> isOf, AnswerSyntax syntax) {}

  private static final Tags THINK = new Tags("<think>", "</think>");
  private static final Tags TOOL_CALL = new Tags("<tool_call>", "</tool_call>");

  /** The first that fits is taken. */
  private static final List<Family> FAMILIES =
      List.of(
          new Family(
              source -> callsInJson(source) && thinks(source),
              new TaggedSyntax(Optional.of(THINK), Optional.of(TOOL_CALL))),
          new Family(
              AnswerSyntaxes::callsInJson,
              new TaggedSyntax(Optional.empty(), Optional.of(TOOL_CALL))),
          new Family(
              AnswerSyntaxes::thinks, new TaggedSyntax(Optional.of(THINK), Optional.empty())));

  private AnswerSyntaxes() {}

  static AnswerSyntax of(String template) {
    return FAMILIES.stream()
        .filter(family -> family.isOf().test(template))
        .findFirst()
        .map(Family::syntax)
        .orElse(AnswerSyntax.PLAIN);
  }

  /**
   * As Hermes and Qwen write them. Others have XML or pairs of keys and values between the same
   * tags, or a list between others.
   */
  private static boolean callsInJson(String template) {
    boolean tags = template.contains("<tool_call>") && template.contains("</tool_call>");
    boolean json = template.contains("\"arguments\"") || template.contains("\\\"arguments\\\"");
    boolean others =
        template.contains("<function=")
            || template.contains("<arg_key>")
            || template.contains("<tool_calls>");
    return tags && json && !others;
  }

  private static boolean thinks(String template) {
    return template.contains("<think>") || template.contains("</think>");
  }
}
