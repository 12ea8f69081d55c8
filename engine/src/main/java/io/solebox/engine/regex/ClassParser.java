package io.solebox.engine.regex;

import java.util.Optional;

/** Reads what stands for one character: classes in brackets, and what follows a backslash. */
final class ClassParser {
  private final int[] pattern;
  private int at;

  ClassParser(int[] pattern) {
    this.pattern = pattern;
  }

  /** Where what was read last ends. */
  int end() {
    return at;
  }

  private RegexException error(String what) {
    return new RegexException(what + " at character " + (at + 1));
  }

  private int peek(int ahead) {
    return at + ahead < pattern.length ? pattern[at + ahead] : -1;
  }

  /** The class whose bracket stands at {@code start}. */
  CodePointSet parse(int start) {
    at = start;
    return bracket();
  }

  private CodePointSet bracket() {
    int start = at++;
    boolean negated = peek(0) == '^';
    if (negated) {
      at++;
    }
    CodePointSet set = CodePointSet.NONE;
    CodePointSet intersected = CodePointSet.ALL;
    boolean first = true;
    while (first || peek(0) != ']') {
      if (peek(0) < 0) {
        at = start;
        throw error("a [ without a ]");
      }
      if (peek(0) == '&' && peek(1) == '&') {
        at += 2;
        intersected = intersected.intersection(set);
        set = CodePointSet.NONE;
      } else {
        set = set.union(item());
      }
      first = false;
    }
    at++;
    CodePointSet all = intersected.intersection(set);
    return negated ? all.complement() : all;
  }

  private CodePointSet item() {
    if (peek(0) == '[') {
      return peek(1) == ':' ? posix() : bracket();
    }
    int start = at;
    CodePointSet low = peek(0) == '\\' ? escape(at) : literal();
    boolean range = peek(0) == '-' && peek(1) != ']' && peek(1) != '[' && peek(1) >= 0;
    if (!range || !isSingle(low)) {
      return low;
    }
    int dash = at++;
    CodePointSet high = peek(0) == '\\' ? escape(at) : literal();
    if (!isSingle(high)) {
      at = dash; // the dash stands for itself
      return low.union(literal());
    }
    int from = low.bounds()[0];
    int to = high.bounds()[0];
    if (from > to) {
      at = start;
      throw error("a range that ends before it begins");
    }
    return CodePointSet.range(from, to);
  }

  private static boolean isSingle(CodePointSet set) {
    return set.bounds().length == 2 && set.bounds()[1] == set.bounds()[0] + 1;
  }

  private CodePointSet literal() {
    return CodePointSet.of(pattern[at++]);
  }

  private CodePointSet posix() {
    int start = at;
    at += 2;
    StringBuilder name = new StringBuilder();
    while (peek(0) >= 0 && peek(0) != ':') {
      name.appendCodePoint(pattern[at++]);
    }
    if (peek(0) != ':' || peek(1) != ']') {
      at = start;
      return bracket();
    }
    at += 2;
    return property(name.toString(), start);
  }

  private CodePointSet property(String name, int start) {
    Optional<CodePointSet> set = Properties.named(name);
    if (set.isEmpty()) {
      at = start;
      throw error("an unknown property " + name);
    }
    return set.get();
  }

  /** What the backslash at {@code start} and the characters after it stand for. */
  CodePointSet escape(int start) {
    at = start + 1;
    int c = peek(0);
    if (c < 0) {
      throw error("a backslash at the end");
    }
    at++;
    return switch (c) {
      case 's' -> Properties.space();
      case 'S' -> Properties.space().complement();
      case 'd' -> Properties.digit();
      case 'D' -> Properties.digit().complement();
      case 'w' -> Properties.word();
      case 'W' -> Properties.word().complement();
      case 'h' -> Properties.named("xdigit").orElseThrow();
      case 'H' -> Properties.named("xdigit").orElseThrow().complement();
      case 'p' -> braced(start);
      case 'P' -> braced(start).complement();
      case 'n' -> CodePointSet.of('\n');
      case 'r' -> CodePointSet.of('\r');
      case 't' -> CodePointSet.of('\t');
      case 'f' -> CodePointSet.of('\f');
      case 'v' -> CodePointSet.of(0x0b);
      case 'a' -> CodePointSet.of(7);
      case 'e' -> CodePointSet.of(0x1b);
      case '0' -> CodePointSet.of(0);
      case 'x' -> peek(0) == '{' ? hexBraced() : hex(2);
      case 'u' -> hex(4);
      default -> {
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
          at = start;
          throw error("an unknown escape");
        }
        yield CodePointSet.of(c);
      }
    };
  }

  private CodePointSet braced(int start) {
    if (peek(0) < 0) {
      throw error("a property without a name");
    }
    if (peek(0) != '{') {
      return property(Character.toString(pattern[at++]), start);
    }
    at++;
    StringBuilder name = new StringBuilder();
    while (peek(0) >= 0 && peek(0) != '}') {
      name.appendCodePoint(pattern[at++]);
    }
    at++;
    return property(name.toString(), start);
  }

  private CodePointSet hexBraced() {
    at++;
    int value = 0;
    while (Character.digit(peek(0), 16) >= 0 && value < CodePointSet.LIMIT) {
      value = value * 16 + Character.digit(pattern[at++], 16);
    }
    if (peek(0) != '}' || value >= CodePointSet.LIMIT) {
      throw error("a code point that is none");
    }
    at++;
    return CodePointSet.of(value);
  }

  private CodePointSet hex(int digits) {
    int value = 0;
    for (int i = 0; i < digits; i++) {
      int digit = Character.digit(peek(0), 16);
      if (digit < 0) {
        throw error("a code point that is none");
      }
      value = value * 16 + digit;
      at++;
    }
    return CodePointSet.of(value);
  }
}
