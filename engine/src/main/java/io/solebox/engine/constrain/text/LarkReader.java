package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads grammars in the language of Lark, as users of llguidance write it: rules are in lower case,
 * terminals in upper case. A grammar says which texts there are, so what shapes trees (aliases,
 * {@code ?} and {@code !} before a rule) is passed over; what would change the texts and is not
 * known is refused by name. There is no lexer in between: a terminal may be as long as fits, not
 * only as long as it can be, and what {@code %ignore} names may stand before each terminal and at
 * the end. A rule that begins with itself is turned into a loop.
 */
public final class LarkReader {
  private static final String ROOT = "start";
  private static final String IGNORE = "%ignore";

  /** Rules that no text can name. */
  private static final String IGNORED = "what is ignored";

  private static final String WHOLE = "whole text";

  private final Cursor cursor;
  private final RuleBook book;
  private final LarkExpressions expressions;

  /** Whether there may be something between terminals. */
  private final boolean ignores;

  private final List<Expression> ignored = new ArrayList<>();

  private LarkReader(String text, Patterns patterns, TokenNames names) {
    this.cursor = new Cursor(text);
    this.book = new RuleBook(cursor);
    this.ignores = text.contains(IGNORE);
    this.expressions =
        new LarkExpressions(
            cursor,
            book,
            patterns,
            new TokenReader(cursor, names),
            ignores ? new Expression.Call(IGNORED) : Expression.EMPTY);
  }

  /** Reads what stands between slashes. */
  @FunctionalInterface
  public interface Patterns {
    /**
     * @param flags of {@code imsx}
     * @throws io.solebox.engine.error.SoleboxException {@code BAD_GRAMMAR} if it is no pattern
     */
    Expression read(String pattern, String flags);
  }

  /**
   * @param names for what stands in angle brackets
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_GRAMMAR}, with line and column
   */
  public static Grammar read(String text, Patterns patterns, TokenNames names) {
    LarkReader reader = new LarkReader(text, patterns, names);
    reader.statements();
    return reader.grammar();
  }

  private Grammar grammar() {
    if (!ignores) {
      return LarkGrammar.withLoops(book.grammar(ROOT));
    }
    Grammar written = book.grammar(ROOT);
    Map<String, Expression> rules = new LinkedHashMap<>(written.rules());
    Expression between = new Expression.Call(IGNORED);
    rules.put(IGNORED, new Expression.Choice(ignored).repeated());
    rules.put(WHOLE, Expression.sequence(new Expression.Call(ROOT), between));
    return LarkGrammar.withLoops(new Grammar(WHOLE, rules));
  }

  private void statements() {
    LarkSpace.skip(cursor, true);
    while (!cursor.isEnd()) {
      if (cursor.peek() == '%') {
        directive();
      } else {
        rule();
      }
      if (!cursor.isEnd() && !LarkSpace.isNewline(cursor.peek())) {
        throw cursor.error("The end of the line is expected, and not " + cursor.shown());
      }
      LarkSpace.skip(cursor, true);
    }
  }

  private void directive() {
    int place = cursor.at();
    String name = cursor.run(c -> !Character.isWhitespace(c));
    LarkSpace.skip(cursor, false);
    switch (name) {
      case IGNORE -> ignored.add(expressions.ofTerminal());
      case "%import" -> imported();
      default ->
          throw cursor.error(
              place,
              "'%s' is not known here".formatted(name),
              "This server has %import of common terminals, and %ignore.");
    }
  }

  private void imported() {
    int place = cursor.at();
    if (!cursor.accept("common")) {
      throw cursor.error(
          place, "Only 'common' can be imported", "Write the rule into this grammar instead.");
    }
    LarkSpace.skip(cursor, false);
    if (cursor.accept("(")) {
      do {
        LarkSpace.skip(cursor, false);
        importOne();
        LarkSpace.skip(cursor, false);
      } while (cursor.accept(","));
      cursor.expect(")");
    } else {
      cursor.expect(".");
      importOne();
    }
    LarkSpace.skip(cursor, false);
  }

  private void importOne() {
    int place = cursor.at();
    String terminal = LarkExpressions.name(cursor);
    LarkSpace.skip(cursor, false);
    String name = terminal;
    if (cursor.accept("->")) {
      LarkSpace.skip(cursor, false);
      name = LarkExpressions.name(cursor);
    }
    define(terminal, name, place);
  }

  private void define(String terminal, String name, int place) {
    Expression body =
        CommonTerminals.of(terminal)
            .orElseThrow(
                () ->
                    cursor.error(
                        place,
                        "'common' has no '%s'".formatted(terminal),
                        "It has: " + String.join(", ", CommonTerminals.names()) + "."));
    book.define(name, place, body);
  }

  private void rule() {
    int place = cursor.at();
    while (cursor.accept("?") || cursor.accept("!")) {
      // They shape trees.
    }
    String name = LarkExpressions.name(cursor);
    if (name.isEmpty()) {
      throw cursor.error(
          place,
          "The name of a rule is expected, and not " + cursor.shown(),
          "A rule goes on in the next line only where that begins with a |.");
    }
    refuseOptions(name);
    LarkSpace.skip(cursor, false);
    cursor.expect(":");
    boolean terminal = LarkExpressions.isTerminal(name);
    book.define(name, place, terminal ? expressions.ofTerminal() : expressions.ofRule());
  }

  private void refuseOptions(String name) {
    String what =
        switch (cursor.peek()) {
          case '.' -> "A priority";
          case '{' -> "A template";
          case '[' -> "An option";
          default -> "";
        };
    if (!what.isEmpty()) {
      throw cursor.error(
          cursor.at(),
          "%s of '%s' is not supported".formatted(what, name),
          "Leave it out; all that a rule says may be said, in no order.");
    }
  }
}
