package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.Node;
import io.solebox.engine.regex.RegexException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Regular expressions of ECMA-262 (with the flag u, read leniently), to sets of texts. Without what
 * no regular set is: references back; and without word boundaries and looking behind. Looking ahead
 * is understood outside of groups, where it intersects what follows.
 */
public final class Pattern {
  private static final Node ANYTHING =
      new Node.Repeat(new Node.Chars(CodePointSet.ALL), 0, Node.UNBOUNDED, true);

  private Pattern() {}

  /**
   * Texts in which a match is found, as JSON Schema's {@code pattern} means it.
   *
   * @throws RegexException naming what is wrong and where, or that it takes too much
   */
  public static Language search(String pattern, Budget budget) {
    Node found = PatternParser.parse(pattern, budget);
    return of(new Node.Sequence(List.of(ANYTHING, found, ANYTHING)), budget);
  }

  /**
   * Texts that match as a whole.
   *
   * @throws RegexException likewise
   */
  public static Language whole(String pattern, Budget budget) {
    return of(PatternParser.parse(pattern, budget), budget);
  }

  /**
   * A grammar of the texts that match as a whole, as {@code guided_regex} means it.
   *
   * @throws SoleboxException naming what is wrong with the pattern and where
   */
  public static Grammar grammar(String pattern, Budget budget) {
    try {
      Language language = whole(pattern, budget);
      if (language.isEmpty()) {
        throw new RegexException("it matches no text at all");
      }
      return Grammar.of(new Expression.Regular(language.automaton()));
    } catch (RegexException e) {
      throw new SoleboxException(
          ErrorCode.BAD_GRAMMAR,
          "regex",
          "The regular expression cannot be used: " + e.getMessage() + ".",
          "Write it without references back, word boundaries and looking behind, and with"
              + " small counts.",
          e);
    }
  }

  private static Language of(Node node, Budget budget) {
    return switch (node) {
      case Node.Choice(List<Node> options) when options.stream().anyMatch(Pattern::looksAhead) ->
          options.stream()
              .map(option -> of(option, budget))
              .reduce(Language.NONE, (all, more) -> all.or(more, budget));
      case Node.Sequence(List<Node> parts) -> rest(flat(parts), true, budget);
      case Node.Choice _, Node.Chars _, Node.Repeat _, Node.Edge _, Node.Look _ ->
          rest(List.of(node), true, budget);
    };
  }

  private static boolean looksAhead(Node node) {
    return switch (node) {
      case Node.Look _ -> true;
      case Node.Choice(List<Node> options) -> options.stream().anyMatch(Pattern::looksAhead);
      case Node.Sequence(List<Node> parts) -> parts.stream().anyMatch(Pattern::looksAhead);
      case Node.Repeat repeat -> looksAhead(repeat.body());
      case Node.Chars _, Node.Edge _ -> false;
    };
  }

  /** Conditions inside a part that is a sequence itself are conditions of the whole. */
  private static List<Node> flat(List<Node> parts) {
    return parts.stream()
        .flatMap(
            part ->
                part instanceof Node.Sequence(List<Node> inner)
                    ? flat(inner).stream()
                    : Stream.of(part))
        .toList();
  }

  /**
   * What a text may be from a place on.
   *
   * @param atStart whether that place may be the beginning of the text
   */
  private static Language rest(List<Node> parts, boolean atStart, Budget budget) {
    int look = 0;
    while (look < parts.size() && !(parts.get(look) instanceof Node.Look)) {
      look++;
    }
    LanguageBuilder builder = new LanguageBuilder(budget);
    int end = builder.add(0, new Node.Sequence(parts.subList(0, look)));
    if (!atStart && builder.beginsText()) {
      throw new RegexException("a ^ stands behind a condition on what follows");
    }
    if (look == parts.size()) {
      return builder.build(end);
    }
    Node.Look condition = (Node.Look) parts.get(look);
    Language body = rest(flat(List.of(condition.body(), ANYTHING)), false, budget);
    Language following = rest(parts.subList(look + 1, parts.size()), false, budget);
    Language held =
        condition.negated() ? following.minus(body, budget) : following.and(body, budget);
    int joined = builder.add(end, held);
    return builder.build(joined);
  }
}
