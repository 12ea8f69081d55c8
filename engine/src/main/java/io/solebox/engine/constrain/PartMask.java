package io.solebox.engine.constrain;

import java.util.stream.IntStream;

/**
 * What the tokens of a trie may be where only the upper part of the stacks is known.
 *
 * @param words bits of the tokens that fit, also where they reach beyond that part
 * @param few the same as ids where they are few; {@code words} is empty then
 * @param escapes nodes behind which tokens go on beyond that part
 */
record PartMask(long[] words, int[] few, int[] escapes) {
  private static final int FEW = 512;

  /** Of tokens that do not reach beyond the part. */
  static PartMask of(long[] words) {
    return of(words, new int[0]);
  }

  static PartMask of(long[] words, int[] escapes) {
    int count = 0;
    for (long word : words) {
      count += Long.bitCount(word);
    }
    if (count > FEW) {
      return new PartMask(words, new int[0], escapes);
    }
    IntStream.Builder few = IntStream.builder();
    for (int i = 0; i < words.length; i++) {
      for (long rest = words[i]; rest != 0; rest &= rest - 1) {
        few.add((i << 6) + Long.numberOfTrailingZeros(rest));
      }
    }
    return new PartMask(new long[0], few.build().toArray(), escapes);
  }

  /** Sets its bits. */
  void addTo(long[] mask) {
    for (int i = 0; i < words.length; i++) {
      mask[i] |= words[i];
    }
    for (int id : few) {
      mask[id >>> 6] |= 1L << id;
    }
  }

  int bytes() {
    return 8 * words.length + 4 * (few.length + escapes.length);
  }
}
