package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerSyntaxes.Family;
import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.answer.call.Tools;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How models write their answers, as far as their chat template tells. Immutable. */
public final class AnswerFormat {
  private final Optional<Family> family;

  private AnswerFormat(Optional<Family> family) {
    this.family = family;
  }

  /** The format of models with this chat template. */
  public static AnswerFormat ofTemplate(String source) {
    return new AnswerFormat(AnswerSyntaxes.familyOf(source));
  }

  /** The family of formats; empty where none is known, and all of an answer is text. */
  public Optional<String> name() {
    return family.map(Family::name);
  }

  /** How arguments of calls may be written, the likeliest first; empty where nobody knows. */
  public List<ArgumentWriting> writings() {
    return family.map(known -> known.syntax().get().writings()).orElse(List.of());
  }

  /**
   * A parser for one answer.
   *
   * @param opening what the template wrote in front of the answer: it may have begun the reasoning
   * @param tools that were offered, as templates take them; without any, what looks like a call is
   *     text
   */
  public AnswerParser parser(String opening, List<Map<String, Object>> tools) {
    return family
        .map(known -> known.syntax().get())
        .orElse(AnswerSyntax.PLAIN)
        .parser(opening, Tools.of(tools));
  }
}
