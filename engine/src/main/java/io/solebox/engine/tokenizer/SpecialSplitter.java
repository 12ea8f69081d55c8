package io.solebox.engine.tokenizer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Finds special tokens in text: longer ones first, wherever they stand, then shorter ones in what
 * is left. User-defined tokens are always found, control and unknown ones when asked for.
 * Immutable.
 */
final class SpecialSplitter {
  /** A piece of the input. */
  sealed interface Fragment {
    /** Bytes {@code from} to {@code to} of the input. */
    record Text(int from, int to) implements Fragment {}

    record Special(int id) implements Fragment {}
  }

  private record Token(int id, byte[] text, boolean hidden) {}

  private final List<Token> tokens;

  SpecialSplitter(Vocabulary vocabulary) {
    List<Token> found = new ArrayList<>();
    for (int id = 0; id < vocabulary.size(); id++) {
      TokenKind kind = vocabulary.kind(id);
      if (kind.isHidden() || kind == TokenKind.USER_DEFINED) {
        byte[] text = vocabulary.textBytes(id);
        if (text.length > 0) {
          found.add(new Token(id, text, kind.isHidden()));
        }
      }
    }
    found.sort(Comparator.comparingInt(token -> -token.text().length));
    this.tokens = List.copyOf(found);
  }

  /** The whole input as fragments in order; none for an empty input. */
  List<Fragment> split(byte[] utf8, Tokenizer.Specials specials) {
    List<Fragment> fragments = new ArrayList<>();
    if (utf8.length > 0) {
      fragments.add(new Fragment.Text(0, utf8.length));
    }
    if (tokens.isEmpty()) {
      return fragments;
    }
    BytePairs pairs = new BytePairs(utf8);
    for (Token token : tokens) {
      boolean wanted = specials == Tokenizer.Specials.PARSE || !token.hidden();
      if (wanted && pairs.mayContain(token.text())) {
        fragments = split(utf8, fragments, token);
      }
    }
    return fragments;
  }

  private static List<Fragment> split(byte[] utf8, List<Fragment> fragments, Token token) {
    List<Fragment> out = new ArrayList<>(fragments.size());
    for (Fragment fragment : fragments) {
      switch (fragment) {
        case Fragment.Special special -> out.add(special);
        case Fragment.Text(int from, int to) -> split(utf8, from, to, token, out);
      }
    }
    return out;
  }

  private static void split(byte[] utf8, int from, int to, Token token, List<Fragment> out) {
    int rest = from;
    for (int at = from; at + token.text().length <= to; ) {
      if (startsWith(utf8, at, token.text())) {
        if (at > rest) {
          out.add(new Fragment.Text(rest, at));
        }
        out.add(new Fragment.Special(token.id()));
        at += token.text().length;
        rest = at;
      } else {
        at++;
      }
    }
    if (rest < to) {
      out.add(new Fragment.Text(rest, to));
    }
  }

  private static boolean startsWith(byte[] utf8, int at, byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (utf8[at + i] != text[i]) {
        return false;
      }
    }
    return true;
  }

  /** Which pairs of neighbouring bytes a text has: rules out most tokens without a search. */
  private static final class BytePairs {
    private final long[] bits = new long[1 << 10];
    private final int length;

    BytePairs(byte[] text) {
      length = text.length;
      for (int i = 1; i < text.length; i++) {
        int pair = pair(text, i);
        bits[pair >>> 6] |= 1L << pair;
      }
    }

    boolean mayContain(byte[] token) {
      if (token.length > length) {
        return false;
      }
      for (int i = 1; i < token.length; i++) {
        int pair = pair(token, i);
        if ((bits[pair >>> 6] & 1L << pair) == 0) {
          return false;
        }
      }
      return true;
    }

    private static int pair(byte[] text, int at) {
      return (text[at - 1] & 0xff) << 8 | (text[at] & 0xff);
    }
  }
}
