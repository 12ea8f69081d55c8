package io.solebox.engine.constrain.text;

import io.solebox.engine.constrain.grammar.Expression;
import io.solebox.engine.constrain.text.LarkReader.Patterns;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.List;

/** Reads what stands behind the colon of a rule or a terminal. Owned by one reader. */
final class LarkExpressions {
  private final Cursor cursor;
  private final RuleBook book;
  private final Patterns patterns;
  private final TokenReader tokens;

  /** In front of each terminal of a rule. */
  private final Expression ignored;

  private boolean inTerminal;
  private int depth;

  LarkExpressions(
      Cursor cursor, RuleBook book, Patterns patterns, TokenReader tokens, Expression ignored) {
    this.cursor = cursor;
    this.book = book;
    this.patterns = patterns;
    this.tokens = tokens;
    this.ignored = ignored;
  }

  Expression ofRule() {
    inTerminal = false;
    return alternatives(false);
  }

  Expression ofTerminal() {
    inTerminal = true;
    return alternatives(false);
  }

  /** Takes a name, which llguidance lets have hyphens; empty where there is none. */
  static String name(Cursor cursor) {
    int from = cursor.at();
    while (cursor.is(LarkExpressions::isName)
        || cursor.at() > from && cursor.peek() == '-' && cursor.peek(1) != '>') {
      cursor.next();
    }
    return cursor.between(from, cursor.at());
  }

  private static boolean isName(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  /** Terminals are written in capital letters. */
  static boolean isTerminal(String name) {
    return name.chars().anyMatch(Character::isUpperCase);
  }

  /**
   * @param inside whether brackets are around it, in which lines end nothing
   */
  private Expression alternatives(boolean inside) {
    List<Expression> options = new ArrayList<>();
    LarkSpace.skip(cursor, inside);
    if (!cursor.accept("|")) { // the first may have one in front, too
      LarkSpace.acceptInNextLine(cursor, "|");
    }
    do {
      options.add(sequence(inside));
    } while (cursor.accept("|") || LarkSpace.acceptInNextLine(cursor, "|"));
    return options.size() == 1 ? options.getFirst() : new Expression.Choice(options);
  }

  private Expression sequence(boolean inside) {
    List<Expression> parts = new ArrayList<>();
    LarkSpace.skip(cursor, inside);
    while (!isEndOfSequence()) {
      parts.add(repeated(item()));
      LarkSpace.skip(cursor, inside);
    }
    if (cursor.accept("->")) { // names a node of a tree
      LarkSpace.skip(cursor, inside);
      name(cursor);
      LarkSpace.skip(cursor, inside);
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
  }

  private boolean isEndOfSequence() {
    int c = cursor.peek();
    boolean alias = c == '-' && cursor.peek(1) == '>';
    return cursor.isEnd() || LarkSpace.isNewline(c) || "|)]".indexOf(c) >= 0 || alias;
  }

  private Expression item() {
    int place = cursor.at();
    return switch (cursor.peek()) {
      case '"' -> leaf(literal());
      case '/' -> leaf(pattern());
      case '(' -> group("(", ")");
      case '[' -> group("[", "]").optional();
      case '<' -> leaf(token());
      case '%', '@', '~', '&' -> throw refused();
      default -> call(place);
    };
  }

  private SoleboxException refused() {
    int place = cursor.at();
    String what =
        switch (cursor.peek()) {
          case '%' -> "'" + cursor.run(c -> !Character.isWhitespace(c)) + "'";
          case '@' -> "Another grammar (@)";
          case '~' -> "What is not a pattern (~)";
          default -> "What is two patterns at once (&)";
        };
    return cursor.error(
        place, what + " is not supported in a Lark grammar", "Write the grammar without it.");
  }

  private Expression leaf(Expression terminal) {
    return inTerminal || ignored.equals(Expression.EMPTY)
        ? terminal
        : Expression.sequence(ignored, terminal);
  }

  private Expression call(int place) {
    String name = name(cursor);
    if (name.isEmpty()) {
      throw cursor.error("An expression is expected, and not " + cursor.shown());
    }
    boolean terminal = isTerminal(name);
    if (inTerminal && !terminal) {
      throw cursor.error(
          place,
          "A terminal cannot have the rule '%s' inside".formatted(name),
          "Write the rule in capital letters, as a terminal.");
    }
    Expression call = book.call(name, place);
    return terminal ? leaf(call) : call;
  }

  private Expression token() {
    if (inTerminal) {
      throw cursor.error(
          cursor.at(),
          "A terminal cannot have tokens inside",
          "Write it as a rule, in lower case.");
    }
    return tokens.read();
  }

  private Expression group(String open, String close) {
    if (++depth > Cursor.MAX_DEPTH) {
      throw cursor.error("More than %d groups are inside each other".formatted(Cursor.MAX_DEPTH));
    }
    cursor.expect(open);
    Expression body = alternatives(true);
    cursor.expect(close);
    depth--;
    return body;
  }

  private Expression literal() {
    int place = cursor.at();
    String text = string();
    if (cursor.accept("..")) {
      String last = string();
      boolean single = text.codePoints().count() == 1 && last.codePoints().count() == 1;
      if (!single || last.codePointAt(0) < text.codePointAt(0)) {
        throw cursor.error(place, "A range goes from one character to a later one", Cursor.REMEDY);
      }
      return new Expression.Characters(
          CodePointSet.range(text.codePointAt(0), last.codePointAt(0)));
    }
    return cursor.accept("i") ? inAnyCase(text) : new Expression.Text(text);
  }

  private static Expression inAnyCase(String text) {
    return new Expression.Sequence(
        text.codePoints()
            .<Expression>mapToObj(
                c -> new Expression.Characters(CodePointSet.of(c).withOtherCases()))
            .toList());
  }

  private String string() {
    cursor.expect("\"");
    StringBuilder text = new StringBuilder();
    while (!cursor.accept("\"")) {
      text.appendCodePoint(character());
    }
    return text.toString();
  }

  private int character() {
    int place = cursor.at();
    int c = cursor.next();
    if (LarkSpace.isNewline(c)) {
      throw cursor.error(place, "The line ends inside a string", "Write \\n for a new line.");
    }
    if (c != '\\') {
      return c;
    }
    int escaped = cursor.next();
    return switch (escaped) {
      case 'x' -> cursor.hex(2);
      case 'u' -> cursor.hex(4);
      case 'U' -> cursor.hex(8);
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'f' -> '\f';
      case '\\', '"', '\'', '/' -> escaped;
      default ->
          throw cursor.error(
              place,
              "'\\%s' stands for nothing".formatted(Character.toString(escaped)),
              "Write \\\\ for a backslash.");
    };
  }

  private Expression pattern() {
    cursor.expect("/");
    StringBuilder pattern = new StringBuilder();
    while (!cursor.accept("/")) {
      if (cursor.accept("\\/")) { // the backslash is Lark's own
        pattern.append('/');
      } else if (cursor.accept("\\")) {
        pattern.append('\\').appendCodePoint(cursor.next());
      } else {
        pattern.appendCodePoint(cursor.next());
      }
    }
    return patterns.read(pattern.toString(), cursor.run(c -> "imslux".indexOf(c) >= 0));
  }

  private Expression repeated(Expression item) {
    int place = cursor.at();
    return switch (cursor.peek()) {
      case '*' -> taken(Times.ANY).of(item);
      case '+' -> taken(Times.SOME).of(item);
      case '?' -> taken(Times.ONCE).of(item);
      case '~' -> tilde(place).of(item);
      case '{' -> braces(place).of(item);
      default -> tildeBehindBlanks(item);
    };
  }

  private Times taken(Times times) {
    cursor.next();
    return times;
  }

  /** In Lark's own examples blanks are around it. */
  private Expression tildeBehindBlanks(Expression item) {
    int here = cursor.at();
    LarkSpace.skip(cursor, false);
    if (cursor.peek() == '~') {
      return tilde(here).of(item);
    }
    cursor.goTo(here);
    return item;
  }

  private Times tilde(int place) {
    cursor.expect("~");
    LarkSpace.skip(cursor, false);
    int min = cursor.number();
    return Times.checked(min, cursor.accept("..") ? cursor.number() : min, cursor, place);
  }

  private Times braces(int place) {
    cursor.expect("{");
    LarkSpace.skip(cursor, false);
    if (cursor.peek() != ',' && !cursor.is(Character::isDigit)) {
      throw cursor.error(
          place, "Templates are not supported", "Write the rule out for each of its uses.");
    }
    int min = cursor.peek() == ',' ? 0 : cursor.number();
    int max = min;
    LarkSpace.skip(cursor, false);
    if (cursor.accept(",")) {
      LarkSpace.skip(cursor, false);
      max = cursor.peek() == '}' ? Expression.UNBOUNDED : cursor.number();
      LarkSpace.skip(cursor, false);
    }
    cursor.expect("}");
    return Times.checked(min, max, cursor, place);
  }
}
