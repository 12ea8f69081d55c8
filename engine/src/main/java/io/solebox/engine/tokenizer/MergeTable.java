package io.solebox.engine.tokenizer;

import io.solebox.engine.source.Keys;
import io.solebox.engine.source.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The merges of a byte-level BPE, in order of rank. A symbol is a token's id, or a number from
 * {@link Vocabulary#size()} on for a text that only merges mention.
 */
final class MergeTable {
  static final String MERGES_KEY = "merges";

  /** Twice what the largest known vocabulary has (Gemma). */
  private static final int MAX_MERGES = 1 << 20;

  /** Texts that only merges mention; a sound file has few, and each is an object. */
  private static final int MAX_EXTRA = 1 << 20;

  /** The rank of a pair that is never joined. */
  static final int NO_RANK = -1;

  private final Vocabulary vocabulary;
  private final Map<String, Integer> extraSymbols = new HashMap<>();
  private final List<byte[]> extraTexts = new ArrayList<>();

  /** By rank. */
  private final int[] results;

  /** Open addressing by pair; at most half full. An unused slot has {@link #NO_RANK}. */
  private final long[] pairs;

  private final int[] ranks;

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_MODEL_FILE} if the file has no
   *     merges
   */
  MergeTable(Keys keys, Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    MetadataValue.Strings merges = keys.strings(MERGES_KEY);
    if (merges.size() > MAX_MERGES) {
      throw keys.bad(MERGES_KEY, merges.size() + " merges make no sense");
    }
    int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, merges.size())) * 4);
    this.results = new int[merges.size()];
    this.pairs = new long[capacity];
    this.ranks = new int[capacity];
    Arrays.fill(ranks, NO_RANK);
    for (int rank = 0; rank < merges.size(); rank++) {
      add(merges.bytes(), merges.start(rank), merges.end(rank), rank);
      if (extraTexts.size() > MAX_EXTRA) {
        throw keys.bad(MERGES_KEY, "the merges are not those of this vocabulary");
      }
    }
  }

  /** A merge is two texts with a space between; the first of equal merges stays. */
  private void add(byte[] bytes, int start, int end, int rank) {
    int space = start + 1;
    while (space < end && bytes[space] != ' ') {
      space++;
    }
    if (space >= end) {
      return;
    }
    int left = symbol(bytes, start, space);
    int right = symbol(bytes, space + 1, end);
    byte[] joined = new byte[end - start - 1];
    System.arraycopy(bytes, start, joined, 0, space - start);
    System.arraycopy(bytes, space + 1, joined, space - start, end - space - 1);
    results[rank] = symbol(joined, 0, joined.length);
    long pair = pair(left, right);
    int slot = slot(pair);
    if (ranks[slot] == NO_RANK) {
      pairs[slot] = pair;
      ranks[slot] = rank;
    }
  }

  /** The symbol of a text; a new one where there is none. For use while the tokenizer is built. */
  int symbol(byte[] utf8, int from, int to) {
    int id = vocabulary.find(utf8, from, to);
    if (id != Vocabulary.ABSENT) {
      return id;
    }
    String key = new String(utf8, from, to - from, StandardCharsets.ISO_8859_1);
    Integer known = extraSymbols.get(key);
    if (known != null) {
      return known;
    }
    int symbol = vocabulary.size() + extraTexts.size();
    extraSymbols.put(key, symbol);
    extraTexts.add(Arrays.copyOfRange(utf8, from, to));
    return symbol;
  }

  boolean isToken(int symbol) {
    return symbol < vocabulary.size();
  }

  /** The text of a symbol that is no token. */
  byte[] extraText(int symbol) {
    return extraTexts.get(symbol - vocabulary.size());
  }

  /** The rank of joining two symbols, or {@link #NO_RANK}. */
  int rank(int left, int right) {
    return ranks[slot(pair(left, right))];
  }

  /** What the merge of that rank gives. */
  int result(int rank) {
    return results[rank];
  }

  private static long pair(int left, int right) {
    return (long) left << 32 | right;
  }

  private int slot(long pair) {
    int mask = pairs.length - 1;
    long mixed = pair * 0x9E37_79B9_7F4A_7C15L;
    int slot = (int) (mixed >>> 32) & mask;
    while (ranks[slot] != NO_RANK && pairs[slot] != pair) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}
