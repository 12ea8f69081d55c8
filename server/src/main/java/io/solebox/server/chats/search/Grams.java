package io.solebox.server.chats.search;

import java.util.Collection;

/**
 * Which three letters in a row some texts may have: what they cannot have need not be looked for in
 * them. A Bloom filter with one bit for each, of about four bits a letter.
 */
final class Grams {
  private static final int LENGTH = 3;
  private static final int MIX = 0x9E3779B1;
  private static final int LEAST = 64;
  private static final int MOST = 1 << 24;

  private final long[] bits;
  private final int mask;
  private long room;

  private Grams(long letters) {
    int size = Integer.highestOneBit(Math.toIntExact(Math.clamp(letters, LEAST, MOST))) * 2;
    bits = new long[size * 2 / Long.SIZE];
    mask = bits.length * Long.SIZE - 1;
    room = size == 2 * MOST ? Long.MAX_VALUE : size;
  }

  /** Of texts, with room for as many letters again. */
  static Grams of(Collection<String> texts) {
    Grams grams = new Grams(2 * texts.stream().mapToLong(String::length).sum());
    texts.forEach(grams::add);
    return grams;
  }

  /**
   * Adds a text, if there is room.
   *
   * @return false if there is none: a wider one is to be made
   */
  boolean add(String text) {
    room -= text.length();
    if (room < 0) {
      return false;
    }
    for (int i = 0; i + LENGTH <= text.length(); i++) {
      int place = hash(text, i) & mask;
      bits[place / Long.SIZE] |= 1L << place;
    }
    return true;
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
