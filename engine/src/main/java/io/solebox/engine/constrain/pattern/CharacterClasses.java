package io.solebox.engine.constrain.pattern;

import io.solebox.engine.regex.CodePointSet;
import io.solebox.engine.regex.Node;
import io.solebox.engine.regex.Parser;
import io.solebox.engine.regex.RegexException;
import java.util.function.UnaryOperator;

/** Reads what stands for one character: classes in brackets, and what follows a backslash. */
final class CharacterClasses {
  /** What a dot leaves out. */
  static final CodePointSet LINE_ENDS = of('\n', '\r', 0x2028, 0x2029);

  private static final CodePointSet DIGITS = CodePointSet.range('0', '9');
  private static final CodePointSet WORD =
      DIGITS
          .union(CodePointSet.range('a', 'z'))
          .union(CodePointSet.range('A', 'Z'))
          .union(CodePointSet.of('_'));
  private static final CodePointSet SPACE =
      CodePointSet.range('\t', '\r')
          .union(of(' ', 0xa0, 0x1680, 0x202f, 0x205f, 0x3000, 0xfeff, 0x2028, 0x2029))
          .union(CodePointSet.range(0x2000, 0x200a));

  private final PatternReader reader;

  /** Adds other cases, where they do not matter. */
  private final UnaryOperator<CodePointSet> cased;

  CharacterClasses(PatternReader reader, UnaryOperator<CodePointSet> cased) {
    this.reader = reader;
    this.cased = cased;
  }

  private static CodePointSet of(int... codePoints) {
    CodePointSet set = CodePointSet.NONE;
    for (int c : codePoints) {
      set = set.union(CodePointSet.of(c));
    }
    return set;
  }

  /**
   * The class whose bracket was read. What it leaves out, it leaves out in every case: so other
   * cases come before the negation.
   */
  CodePointSet bracket() {
    int start = reader.place() - 1;
    boolean negated = reader.accept("^");
    CodePointSet set = CodePointSet.NONE;
    while (!reader.accept("]")) {
      if (!reader.more()) {
        throw reader.errorAt(start, "a [ without a ]");
      }
      set = set.union(item());
    }
    CodePointSet all = cased.apply(set);
    return negated ? all.complement() : all;
  }

  private CodePointSet item() {
    int start = reader.place();
    CodePointSet low = single();
    int dash = reader.place();
    if (!isSingle(low) || !reader.accept("-")) {
      return low;
    }
    if (!reader.more() || reader.peek() == ']') {
      reader.goTo(dash); // the dash stands for itself
      return low;
    }
    CodePointSet high = single();
    if (!isSingle(high)) {
      return low.union(CodePointSet.of('-')).union(high);
    }
    if (low.bounds()[0] > high.bounds()[0]) {
      throw reader.errorAt(start, "a range that ends before it begins");
    }
    return CodePointSet.range(low.bounds()[0], high.bounds()[0]);
  }

  private CodePointSet single() {
    int c = reader.next();
    return c == '\\' ? escape(true) : CodePointSet.of(c);
  }

  private static boolean isSingle(CodePointSet set) {
    return set.bounds().length == 2 && set.bounds()[1] == set.bounds()[0] + 1;
  }

  /**
   * What follows the backslash that was read.
   *
   * @param inClass whether it stands in brackets, where b is a backspace
   */
  CodePointSet escape(boolean inClass) {
    int start = reader.place() - 1;
    if (!reader.more()) {
      throw reader.errorAt(start, "a backslash at the end");
    }
    int c = reader.next();
    return switch (c) {
      case 'd' -> DIGITS;
      case 'D' -> DIGITS.complement();
      case 'w' -> WORD;
      case 'W' -> cased.apply(WORD).complement();
      case 's' -> SPACE;
      case 'S' -> SPACE.complement();
      case 'p' -> property(start);
      case 'P' -> property(start).complement();
      case 'n' -> CodePointSet.of('\n');
      case 'r' -> CodePointSet.of('\r');
      case 't' -> CodePointSet.of('\t');
      case 'f' -> CodePointSet.of('\f');
      case 'v' -> CodePointSet.of(0x0b);
      case '0' -> CodePointSet.of(0);
      case 'c' -> control(start);
      case 'x' -> CodePointSet.of(hex(start, 2));
      case 'u' -> unicode(start);
      case 'U' -> CodePointSet.of(hex(start, 8));
      default -> {
        if (c == 'b' && inClass) {
          yield CodePointSet.of('\b');
        }
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '1' && c <= '9')) {
          throw reader.errorAt(start, "an unknown escape");
        }
        yield CodePointSet.of(c);
      }
    };
  }

  private CodePointSet control(int start) {
    int letter = reader.more() ? reader.next() : 0;
    if (!((letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'))) {
      throw reader.errorAt(start, "a control character that is none");
    }
    return CodePointSet.of(letter % 32);
  }

  private CodePointSet unicode(int start) {
    if (reader.accept("{")) {
      int value = 0;
      while (reader.more() && reader.peek() != '}' && value < CodePointSet.LIMIT) {
        value = value * 16 + digit(start);
      }
      if (!reader.accept("}") || value >= CodePointSet.LIMIT) {
        throw reader.errorAt(start, "a code point that is none");
      }
      return CodePointSet.of(value);
    }
    int first = hex(start, 4);
    int behind = reader.place();
    if (Character.isHighSurrogate((char) first) && reader.accept("\\u")) {
      int second = hex(start, 4);
      if (Character.isLowSurrogate((char) second)) {
        return CodePointSet.of(Character.toCodePoint((char) first, (char) second));
      }
      reader.goTo(behind);
    }
    return CodePointSet.of(first);
  }

  private int hex(int start, int digits) {
    int value = 0;
    for (int i = 0; i < digits && value < CodePointSet.LIMIT; i++) {
      value = value * 16 + digit(start);
    }
    if (value >= CodePointSet.LIMIT) {
      throw reader.errorAt(start, "a code point that is none");
    }
    return value;
  }

  private int digit(int start) {
    int digit = reader.more() ? Character.digit(reader.next(), 16) : -1;
    if (digit < 0) {
      throw reader.errorAt(start, "a code point that is none");
    }
    return digit;
  }

  /** A general category or a script, as {@code \p{L}}, {@code \p{Script=Greek}}. */
  private CodePointSet property(int start) {
    StringBuilder name = new StringBuilder();
    if (!reader.accept("{")) {
      throw reader.errorAt(start, "a property without braces");
    }
    while (reader.more() && reader.peek() != '}') {
      name.appendCodePoint(reader.next());
    }
    if (!reader.accept("}")) {
      throw reader.errorAt(start, "a { without a }");
    }
    String known =
        name.toString()
            .replaceFirst("^(?:General_Category|gc)=", "")
            .replaceFirst("^(?:Script_Extensions|Script|sc|scx)=", "");
    if (known.matches("\\w+")) {
      try {
        if (Parser.parse("\\p{" + known + "}") instanceof Node.Chars(CodePointSet set)) {
          return set;
        }
      } catch (RegexException _) {
        // said below, with the place in this pattern
      }
    }
    throw reader.errorAt(start, "an unknown property " + name);
  }
}
