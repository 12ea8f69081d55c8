package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads grammars in GBNF, as llama.cpp has it (its grammars/README.md). Beyond that, names may have
 * {@code _}, and a line may begin with the {@code |} of the rule before it. A rule that is written
 * twice, an empty class and a range that ends before it begins are refused here.
 */
public final class GbnfReader {
  private static final String ROOT = "root";

  private final Cursor cursor;
  private final RuleBook book;
  private final TokenReader tokens;
  private int depth;

  private GbnfReader(String text, TokenNames names) {
    this.cursor = new Cursor(text);
    this.book = new RuleBook(cursor);
    this.tokens = new TokenReader(cursor, names);
  }

  /**
   * @param names for what stands in angle brackets
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_GRAMMAR}, with line and column
   */
  public static Grammar read(String text, TokenNames names) {
    GbnfReader reader = new GbnfReader(text, names);
    reader.space(true);
    while (!reader.cursor.isEnd()) {
      reader.rule();
    }
    return reader.book.grammar(ROOT);
  }

  private void rule() {
    int place = cursor.at();
    String name = cursor.run(GbnfReader::isWord);
    if (name.isEmpty()) {
      throw cursor.error(
          place,
          "The name of a rule is expected, and not " + cursor.shown(),
          "A rule goes on in the next line only inside parentheses, or beside a |.");
    }
    space(false);
    cursor.expect("::=");
    space(true);
    Expression body = alternatives(false);
    book.define(name, place, body);
    if (!cursor.isEnd() && !isNewline(cursor.peek())) {
      throw cursor.error("The end of the rule is expected, and not " + cursor.shown());
    }
    space(true);
  }

  /**
   * @param inside whether parentheses are around it, in which lines end nothing
   */
  private Expression alternatives(boolean inside) {
    List<Expression> options = new ArrayList<>();
    options.add(sequence(inside));
    while (another(inside)) {
      space(true);
      options.add(sequence(inside));
    }
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  private boolean another(boolean inside) {
    if (cursor.accept("|")) {
      return true;
    }
    int here = cursor.at();
    if (!inside && isNewline(cursor.peek())) {
      space(true);
      if (cursor.accept("|")) {
        return true;
      }
      cursor.goTo(here);
    }
    return false;
  }

  private Expression sequence(boolean inside) {
    List<Expression> parts = new ArrayList<>();
    while (cursor.is(GbnfReader::beginsItem)) {
      parts.add(item());
      space(inside);
      int repeats = 0;
      while (cursor.is(c -> "*+?{".indexOf(c) >= 0)) {
        if (++repeats > Cursor.MAX_DEPTH) {
          throw cursor.error("More than %d repetitions of one thing".formatted(Cursor.MAX_DEPTH));
        }
        parts.add(times(inside).of(parts.removeLast()));
        space(inside);
      }
    }
    if (cursor.is(c -> "*+?{".indexOf(c) >= 0)) {
      throw cursor.error(cursor.shown() + " repeats nothing");
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
  }

  private static boolean beginsItem(int c) {
    return "\"[<!(.".indexOf(c) >= 0 || isWord(c);
  }

  private Expression item() {
    int place = cursor.at();
    return switch (cursor.peek()) {
      case '"' -> literal();
      case '[' -> characters();
      case '<', '!' -> tokens.read();
      case '(' -> group();
      case '.' -> any();
      default -> book.call(cursor.run(GbnfReader::isWord), place);
    };
  }

  private Expression group() {
    if (++depth > Cursor.MAX_DEPTH) {
      throw cursor.error("More than %d groups are inside each other".formatted(Cursor.MAX_DEPTH));
    }
    cursor.next();
    space(true);
    Expression body = alternatives(true);
    cursor.expect(")");
    depth--;
    return body;
  }

  private Expression any() {
    cursor.next();
    return new Expression.Characters(CodePointSet.ALL);
  }

  private Expression literal() {
    cursor.next();
    StringBuilder text = new StringBuilder();
    while (!cursor.accept("\"")) {
      text.appendCodePoint(character());
    }
    return new Expression.Text(text.toString());
  }

  private Expression characters() {
    int place = cursor.at();
    cursor.next();
    boolean others = cursor.accept("^");
    CodePointSet set = CodePointSet.NONE;
    while (!cursor.accept("]")) {
      int from = cursor.at();
      int first = character();
      int last = first;
      if (cursor.peek() == '-' && cursor.peek(1) != ']') {
        cursor.next();
        last = character();
      }
      if (last < first) {
        throw cursor.error(from, "The range ends before it begins", Cursor.REMEDY);
      }
      set = set.union(CodePointSet.range(first, last));
    }
    if (set.isEmpty()) {
      throw cursor.error(
          place, "The class has no characters", "Write \\] for a bracket, or . for any character.");
    }
    return new Expression.Characters(others ? set.complement() : set);
  }

  private int character() {
    int place = cursor.at();
    int c = cursor.next();
    if (c != '\\') {
      return c;
    }
    int escaped = cursor.next();
    return switch (escaped) {
      case 'x' -> cursor.hex(2);
      case 'u' -> cursor.hex(4);
      case 'U' -> cursor.hex(8);
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'n' -> '\n';
      case '\\', '"', '[', ']', '-' -> escaped;
      default ->
          throw cursor.error(
              place,
              "'\\%s' stands for nothing".formatted(Character.toString(escaped)),
              "Write \\\\ for a backslash.");
    };
  }

  private Times times(boolean inside) {
    int place = cursor.at();
    return switch (cursor.next()) {
      case '*' -> Times.ANY;
      case '+' -> Times.SOME;
      case '?' -> Times.ONCE;
      default -> braces(place, inside);
    };
  }

  private Times braces(int place, boolean inside) {
    space(inside);
    int min = cursor.number();
    int max = min;
    space(inside);
    if (cursor.accept(",")) {
      space(inside);
      max = cursor.peek() == '}' ? Expression.UNBOUNDED : cursor.number();
      space(inside);
    }
    cursor.expect("}");
    return Times.checked(min, max, cursor, place);
  }

  /** Goes behind blanks and comments. */
  private void space(boolean lines) {
    while (!cursor.isEnd()) {
      int c = cursor.peek();
      if (c == '#') {
        cursor.run(other -> !isNewline(other));
      } else if (c == ' ' || c == '\t' || lines && isNewline(c)) {
        cursor.next();
      } else {
        return;
      }
    }
  }

  private static boolean isNewline(int c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isWord(int c) {
    return c >= 'a' && c <= 'z'
        || c >= 'A' && c <= 'Z'
        || c >= '0' && c <= '9'
        || c == '-'
        || c == '_';
  }
}
