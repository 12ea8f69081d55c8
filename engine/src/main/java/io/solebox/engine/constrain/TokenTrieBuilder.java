package io.solebox.engine.constrain;

import io.solebox.engine.constrain.TokenTrie.Token;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lays out a {@link TokenTrie}. Owned by one thread. */
final class TokenTrieBuilder {
  final int[] ids;
  final byte[] labels;
  final int[] ends;
  final byte[] depths;
  final int[] firsts;
  final PartMask[] upTo;
  int nodes;
  int maxDepth;

  TokenTrieBuilder(List<Token> tokens, int vocab) {
    List<Token> sorted =
        tokens.stream()
            .sorted(Comparator.comparing(Token::bytes, Arrays::compareUnsigned))
            .toList();
    this.ids = sorted.stream().mapToInt(Token::id).toArray();
    int most = 1 + sorted.stream().mapToInt(token -> token.bytes().length).sum();
    this.labels = new byte[most];
    this.ends = new int[most];
    this.depths = new byte[most];
    this.firsts = new int[most + 1];
    layOut(sorted);
    this.upTo = findUpTo(sorted, vocab);
  }

  private void layOut(List<Token> sorted) {
    byte[] last = {};
    int[] open = new int[256];
    nodes = 1;
    for (int i = 0; i < sorted.size(); i++) {
      byte[] bytes = sorted.get(i).bytes();
      int same = Arrays.mismatch(last, bytes);
      int shared = same < 0 ? bytes.length : same;
      for (int depth = last.length; depth > shared; depth--) {
        ends[open[depth]] = nodes;
      }
      for (int depth = shared + 1; depth <= bytes.length; depth++) {
        labels[nodes] = bytes[depth - 1];
        depths[nodes] = (byte) depth;
        firsts[nodes] = i;
        open[depth] = nodes++;
      }
      maxDepth = Math.max(maxDepth, bytes.length);
      last = bytes;
    }
    for (int depth = last.length; depth >= 0; depth--) {
      ends[open[depth]] = nodes;
    }
    firsts[nodes] = sorted.size();
  }

  private PartMask[] findUpTo(List<Token> tokens, int vocab) {
    Map<Integer, List<Token>> byLength =
        tokens.stream().collect(Collectors.groupingBy(token -> characters(token.bytes())));
    long[] words = new long[(vocab + 63) / 64];
    PartMask[] masks = new PartMask[maxDepth + 1];
    masks[0] = PartMask.of(words);
    for (int length = 1; length < masks.length; length++) {
      List<Token> more = byLength.getOrDefault(length, List.of());
      more.forEach(token -> words[token.id() >>> 6] |= 1L << token.id());
      masks[length] = more.isEmpty() ? masks[length - 1] : PartMask.of(words.clone());
    }
    return masks;
  }

  /** Number of bytes that begin a character. */
  private static int characters(byte[] bytes) {
    int count = 0;
    for (byte b : bytes) {
      count += (b & 0xc0) == 0x80 ? 0 : 1;
    }
    return count;
  }
}
