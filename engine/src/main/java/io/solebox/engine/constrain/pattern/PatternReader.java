package io.solebox.engine.constrain.pattern;

import io.solebox.engine.regex.RegexException;

/** The code points of a pattern, one after the other. */
final class PatternReader {
  private final int[] pattern;
  private int at;

  PatternReader(String pattern) {
    this.pattern = pattern.codePoints().toArray();
  }

  int place() {
    return at;
  }

  void goTo(int place) {
    at = place;
  }

  boolean more() {
    return at < pattern.length;
  }

  int peek() {
    return pattern[at];
  }

  int next() {
    return pattern[at++];
  }

  /** Takes {@code text} if it comes next. */
  boolean accept(String text) {
    if (at + text.length() > pattern.length) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (pattern[at + i] != text.charAt(i)) {
        return false;
      }
    }
    at += text.length();
    return true;
  }

  /** The digits that come next; perhaps none. */
  String digits() {
    StringBuilder digits = new StringBuilder();
    while (more() && peek() >= '0' && peek() <= '9') {
      digits.appendCodePoint(next());
    }
    return digits.toString();
  }

  RegexException error(String what) {
    return errorAt(at, what);
  }

  RegexException errorAt(int place, String what) {
    return new RegexException(what + " at character " + (place + 1));
  }
}
