package io.solebox.engine.tokenizer;

import io.solebox.engine.source.Keys;
import io.solebox.engine.source.MetadataValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
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

  private final TokenIndex tokens;
  private final int numTokens;
  private final Map<String, Integer> extraSymbols = new HashMap<>();

  /** By rank. */
  private final int[] results;

  /** Open addressing by pair; at most half full. An unused slot has {@link #NO_RANK}. */
  private final long[] pairs;

  private final int[] ranks;
  private int size;

  /**
   * @param numTokens above all ids
   * @param numMerges that will be added at most
   */
  MergeTable(TokenIndex tokens, int numTokens, int numMerges) {
    this.tokens = tokens;
    this.numTokens = numTokens;
    int capacity = Math.max(16, Integer.highestOneBit(Math.max(1, numMerges)) * 4);
    this.results = new int[numMerges];
    this.pairs = new long[capacity];
    this.ranks = new int[capacity];
    Arrays.fill(ranks, NO_RANK);
  }

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_MODEL_FILE} if the file has no
   *     merges
   */
  static MergeTable read(Keys keys, Vocabulary vocabulary) {
    MetadataValue.Strings merges = keys.strings(MERGES_KEY);
    if (merges.size() > MAX_MERGES) {
      throw keys.bad(MERGES_KEY, merges.size() + " merges make no sense");
    }
    MergeTable table = new MergeTable(vocabulary.index(), vocabulary.size(), merges.size());
    for (int rank = 0; rank < merges.size(); rank++) {
      table.addPair(merges.bytes(), merges.start(rank), merges.end(rank));
      if (table.extraSymbols.size() > MAX_EXTRA) {
        throw keys.bad(MERGES_KEY, "the merges are not those of this vocabulary");
      }
    }
    return table;
  }

  /** A merge is two texts with a space between; a line that is none keeps its rank. */
  private void addPair(byte[] bytes, int start, int end) {
    int space = start + 1;
    while (space < end && bytes[space] != ' ') {
      space++;
    }
    if (space >= end) {
      size++;
    } else {
      add(Arrays.copyOfRange(bytes, start, space), Arrays.copyOfRange(bytes, space + 1, end));
    }
  }

  /** Adds the merge of the next rank; the first of equal merges stays. */
  void add(byte[] left, byte[] right) {
    byte[] joined = Arrays.copyOf(left, left.length + right.length);
    System.arraycopy(right, 0, joined, left.length, right.length);
    add(left, right, joined);
  }

  /** As {@link #add(byte[], byte[])}, where the two do not simply stand side by side. */
  void add(byte[] left, byte[] right, byte[] joined) {
    long pair = pair(symbol(left, 0, left.length), symbol(right, 0, right.length));
    int rank = size++;
    results[rank] = symbol(joined, 0, joined.length);
    int slot = slot(pair);
    if (ranks[slot] == NO_RANK) {
      pairs[slot] = pair;
      ranks[slot] = rank;
    }
  }

  /** The symbol of a text; a new one where there is none. For use while the tokenizer is built. */
  int symbol(byte[] utf8, int from, int to) {
    int known = find(utf8, from, to);
    if (known != TokenIndex.ABSENT) {
      return known;
    }
    int symbol = numTokens + extraSymbols.size();
    extraSymbols.put(key(utf8, from, to), symbol);
    return symbol;
  }

  /** The symbol of a text, or {@link TokenIndex#ABSENT}. */
  int find(byte[] utf8, int from, int to) {
    int id = tokens.find(utf8, from, to);
    if (id != TokenIndex.ABSENT || extraSymbols.isEmpty()) {
      return id;
    }
    return extraSymbols.getOrDefault(key(utf8, from, to), TokenIndex.ABSENT);
  }

  private static String key(byte[] utf8, int from, int to) {
    return new String(utf8, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** How many texts only merges mention. */
  int extras() {
    return extraSymbols.size();
  }

  boolean isToken(int symbol) {
    return symbol >= 0 && symbol < numTokens;
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
