package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.pattern.LanguageBuilder.When;
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
  public static Language search(String pattern) {
    return of(new Node.Sequence(List.of(ANYTHING, PatternParser.parse(pattern), ANYTHING)));
  }

  /**
   * Texts that match as a whole.
   *
   * @throws RegexException likewise
   */
  public static Language whole(String pattern) {
    return of(PatternParser.parse(pattern));
  }

  /**
   * A grammar of the texts that match as a whole, as {@code guided_regex} means it.
   *
   * @throws SoleboxException naming what is wrong with the pattern and where
   */
  public static Grammar grammar(String pattern) {
    try {
      Language language = whole(pattern);
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

  private static Language of(Node node) {
    return switch (node) {
      case Node.Choice(List<Node> options) ->
          options.stream().map(Pattern::of).reduce(Language.NONE, Language::or);
      case Node.Sequence(List<Node> parts) -> rest(flat(parts), true);
      case Node.Chars _, Node.Repeat _, Node.Edge _, Node.Look _ -> rest(List.of(node), true);
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
  private static Language rest(List<Node> parts, boolean atStart) {
    int look = 0;
    while (look < parts.size() && !(parts.get(look) instanceof Node.Look)) {
      look++;
    }
    LanguageBuilder builder = new LanguageBuilder();
    int end = builder.add(0, new Node.Sequence(parts.subList(0, look)));
    if (!atStart && beginsText(parts.subList(0, look))) {
      throw new RegexException("a ^ stands behind a condition on what follows");
    }
    if (look == parts.size()) {
      return builder.build(end);
    }
    Node.Look condition = (Node.Look) parts.get(look);
    Language body = rest(flat(List.of(condition.body(), ANYTHING)), false);
    Language following = rest(parts.subList(look + 1, parts.size()), false);
    Language held = condition.negated() ? following.minus(body) : following.and(body);
    int joined = builder.add(end, held);
    return builder.build(joined);
  }

  private static boolean beginsText(List<Node> parts) {
    LanguageBuilder builder = new LanguageBuilder();
    builder.add(0, new Node.Sequence(parts));
    for (int state = 0; state < builder.size(); state++) {
      if (builder.free(state).stream().anyMatch(edge -> edge.when() == When.AT_START)) {
        return true;
      }
    }
    return false;
  }
}
