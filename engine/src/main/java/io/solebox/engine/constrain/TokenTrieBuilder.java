package io.solebox.engine.constrain;

import io.solebox.engine.constrain.TokenTrie.Token;
import io.solebox.engine.constrain.match.CharacterKinds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Lays out a {@link TokenTrie}. Owned by one thread. */
final class TokenTrieBuilder {
  final int[] ids;
  final byte[] labels;
  final int[] ends;
  final byte[] depths;
  final byte[] kinds;
  final byte[] characters;
  final int[] firsts;
  final List<TokenTree> trees = new ArrayList<>();
  int nodes;
  int maxDepth;

  private final int[] open = new int[256];
  private int tokens;

  TokenTrieBuilder(List<Token> tokens, int vocab) {
    TreeMap<Integer, List<Token>> byKinds =
        tokens.stream()
            .collect(Collectors.groupingBy(Token::kinds, TreeMap::new, Collectors.toList()));
    int most = byKinds.size() + tokens.stream().mapToInt(token -> token.bytes().length).sum();
    this.ids = new int[tokens.size()];
    this.labels = new byte[most];
    this.ends = new int[most];
    this.depths = new byte[most];
    this.kinds = new byte[most];
    this.characters = new byte[most];
    this.firsts = new int[most + 1];
    for (List<Token> alike : byKinds.values()) {
      trees.add(new TokenTree(nodes, alike, vocab));
      layOut(
          alike.stream()
              .sorted(Comparator.comparing(Token::bytes, Arrays::compareUnsigned))
              .toList());
    }
    firsts[nodes] = ids.length;
  }

  private void layOut(List<Token> sorted) {
    byte[] last = {};
    firsts[nodes] = this.tokens;
    open[0] = nodes++;
    for (Token token : sorted) {
      byte[] bytes = token.bytes();
      int same = Arrays.mismatch(last, bytes);
      int shared = same < 0 ? bytes.length : same;
      close(last.length, shared);
      for (int depth = shared + 1; depth <= bytes.length; depth++) {
        labels[nodes] = bytes[depth - 1];
        depths[nodes] = (byte) depth;
        firsts[nodes] = this.tokens;
        open[depth] = nodes++;
      }
      noteBehind(token);
      ids[this.tokens++] = token.id();
      maxDepth = Math.max(maxDepth, bytes.length);
      last = bytes;
    }
    close(last.length, -1);
  }

  /** The nodes deeper than {@code shared} are behind us. */
  private void close(int from, int shared) {
    for (int depth = from; depth > shared; depth--) {
      ends[open[depth]] = nodes;
    }
  }

  /** Tells each node on the way to a token what the token has behind it. */
  private void noteBehind(Token token) {
    byte[] bytes = token.bytes();
    boolean whole = token.kinds() != CharacterKinds.OTHER || isText(bytes);
    int behind = 0;
    int count = 0;
    for (int depth = bytes.length - 1; depth >= 0; depth--) {
      boolean between = whole && (bytes[depth] & 0xc0) != 0x80;
      if (between) {
        behind |= bytes[depth] >= 0 ? CharacterKinds.of((int) bytes[depth]) : CharacterKinds.WIDE;
        count++;
      }
      int node = open[depth];
      kinds[node] |= (byte) (between ? behind : CharacterKinds.OTHER);
      characters[node] = (byte) Math.max(characters[node] & 0xff, count);
    }
  }

  /** Whether it is made of whole characters. */
  private static boolean isText(byte[] bytes) {
    int within = CharacterKinds.WHOLE;
    for (byte b : bytes) {
      within = CharacterKinds.step(within, b & 0xff);
    }
    return within == CharacterKinds.WHOLE;
  }
}
