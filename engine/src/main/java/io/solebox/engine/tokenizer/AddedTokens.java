package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.tokenizer.normalize.Spacing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds added tokens: the leftmost first, and there the longest. Special ones are found only where
 * special tokens are parsed. Immutable.
 */
final class AddedTokens implements Splitter {
  private final List<AddedToken> tokens;
  private final Trie trie;

  /** Ids that count as special although the file does not call them so. */
  private final Set<Integer> markers;

  /** Bytes that tokens begin with. */
  private final boolean[] firsts = new boolean[256];

  /**
   * @param texts what is looked for, by index of the token; empty for never
   */
  AddedTokens(List<AddedToken> tokens, List<byte[]> texts, Set<Integer> markers) {
    this.tokens = tokens;
    this.markers = markers;
    MetadataValue.Strings strings = Vocabulary.strings(texts);
    this.trie = new Trie(strings, 0, _ -> true);
    for (byte[] text : texts) {
      if (text.length > 0) {
        firsts[text[0] & 0xff] = true;
      }
    }
  }

  @Override
  public List<Fragment> split(ParsedText input) {
    List<Fragment> fragments = new ArrayList<>();
    byte[] utf8 = input.utf8();
    int rest = 0;
    for (int at = 0; at < utf8.length; ) {
      Match match = firsts[utf8[at] & 0xff] ? longest(input, at) : Match.NONE;
      if (match == Match.NONE) {
        at++;
        continue;
      }
      AddedToken token = tokens.get(match.index());
      int start = token.stripsLeft() ? spacesBefore(utf8, rest, at) : at;
      if (rest < start) {
        fragments.add(new Fragment.Text(rest, start));
      }
      fragments.add(new Fragment.Special(token.id()));
      // What a token strips can still be a token, as in the original.
      at = match.end();
      rest = token.stripsRight() ? spacesBehind(utf8, at) : at;
    }
    if (rest < utf8.length) {
      fragments.add(new Fragment.Text(rest, utf8.length));
    }
    return fragments;
  }

  private record Match(int index, int end) {
    static final Match NONE = new Match(Trie.NONE, Trie.NONE);
  }

  private Match longest(ParsedText input, int at) {
    byte[] utf8 = input.utf8();
    Match found = Match.NONE;
    int node = Trie.ROOT;
    for (int i = at; i < utf8.length; i++) {
      node = trie.next(node, utf8[i]);
      if (node == Trie.NONE) {
        break;
      }
      int index = trie.token(node);
      if (index != Trie.NONE && isAllowed(tokens.get(index), input, at, i + 1)) {
        found = new Match(index, i + 1);
      }
    }
    return found;
  }

  private boolean isAllowed(AddedToken token, ParsedText input, int from, int to) {
    boolean special = token.special() || markers.contains(token.id());
    if (special && !input.isParsed(from, to)) {
      return false;
    }
    byte[] utf8 = input.utf8();
    return !token.singleWord()
        || !((from > 0 && isWord(utf8, characterBefore(utf8, from)))
            || (to < utf8.length && isWord(utf8, to)));
  }

  private static boolean isWord(byte[] utf8, int at) {
    if (Utf8.length(utf8, at, utf8.length) == 0) {
      return false;
    }
    return CodePoints.isWord(Utf8.codePoint(utf8, at));
  }

  private static int characterBefore(byte[] utf8, int at) {
    int start = at - 1;
    while (start > 0 && (utf8[start] & 0xc0) == 0x80) {
      start--;
    }
    return start;
  }

  private static int spacesBefore(byte[] utf8, int from, int to) {
    int end = to;
    while (end > from) {
      int start = characterBefore(utf8, end);
      boolean space =
          start >= from
              && Utf8.length(utf8, start, end) == end - start
              && Spacing.isSpace(Utf8.codePoint(utf8, start));
      if (!space) {
        break;
      }
      end = start;
    }
    return end;
  }

  private static int spacesBehind(byte[] utf8, int from) {
    int at = from;
    while (at < utf8.length) {
      int length = Utf8.length(utf8, at, utf8.length);
      if (length == 0 || !Spacing.isSpace(Utf8.codePoint(utf8, at))) {
        break;
      }
      at += length;
    }
    return at;
  }
}
