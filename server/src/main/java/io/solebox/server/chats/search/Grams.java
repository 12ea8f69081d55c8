package io.solebox.server.chats.search;

/**
 * Which three letters in a row a text may have: what it cannot have need not be looked for in it. A
 * Bloom filter with one bit for each, of about four bits a letter.
 */
final class Grams {
  private static final int LENGTH = 3;
  private static final int MIX = 0x9E3779B1;

  private final long[] bits;
  private final int mask;

  private Grams(int size) {
    bits = new long[Math.max(1, size / Long.SIZE)];
    mask = bits.length * Long.SIZE - 1;
  }

  static Grams of(String text) {
    int letters = Math.clamp(text.length(), 1, 1 << 24);
    Grams grams = new Grams(Integer.highestOneBit(letters) * 4);
    for (int i = 0; i + LENGTH <= text.length(); i++) {
      int place = hash(text, i) & grams.mask;
      grams.bits[place / Long.SIZE] |= 1L << place;
    }
    return grams;
  }

  private static int hash(String text, int at) {
    int letters = (text.charAt(at) * 31 + text.charAt(at + 1)) * 31 + text.charAt(at + 2);
    int mixed = letters * MIX;
    return mixed ^ (mixed >>> 15);
  }

  /** Of what is looked for. */
  static int[] hashes(String word) {
    int[] hashes = new int[Math.max(0, word.length() - LENGTH + 1)];
    for (int i = 0; i < hashes.length; i++) {
      hashes[i] = hash(word, i);
    }
    return hashes;
  }

  /**
   * @param hashes of what is looked for
   */
  boolean mayHave(int[] hashes) {
    for (int hash : hashes) {
      int place = hash & mask;
      if ((bits[place / Long.SIZE] & (1L << place)) == 0) {
        return false;
      }
    }
    return true;
  }
}
