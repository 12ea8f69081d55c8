package io.solebox.engine.tokenizer;

import java.util.Arrays;

/** Joins the symbols of one word after the other. Owned by one thread. */
final class WordMerger extends PairMerger {
  /** Up to so many symbols, looking at all pairs for the best is faster than keeping a heap. */
  private static final int FEW = 32;

  private final SymbolTable table;
  private final MergeTable merges;
  private final IntList out;

  /** By position in the word. */
  private int[] symbols = new int[64];

  /** Where the symbol's bytes begin in the word. */
  private int[] starts = new int[65];

  /** Ranks of pairs, of a short word. */
  private final int[] ranks = new int[FEW];

  /** Whether the unknown token was appended last. */
  private boolean afterUnknown;

  WordMerger(SymbolTable table, IntList out) {
    this.table = table;
    this.merges = table.merges();
    this.out = out;
  }

  /**
   * Appends the tokens of a word.
   *
   * @param whole whether a word that is a token is taken as it is
   */
  void encode(byte[] word, int from, int to, boolean whole) {
    encode(word, from, to, whole, false);
  }

  /**
   * Appends the tokens of a part of a word, as if the whole were encoded at once.
   *
   * @param first whether it is the first part
   */
  void encodeFurther(byte[] word, int from, int to, boolean first) {
    encode(word, from, to, false, !first && afterUnknown);
  }

  private void encode(byte[] word, int from, int to, boolean whole, boolean unknownBefore) {
    afterUnknown = unknownBefore;
    int id = table.token(word, from, to);
    if (id != TokenIndex.ABSENT && (whole || table.isWhole(id))) {
      out.add(id);
      afterUnknown = false;
      return;
    }
    int count = begin(word, from, to);
    if (count == 0) {
      return;
    }
    if (count <= FEW) {
      int left = mergeFew(count);
      if (id != TokenIndex.ABSENT && table.isOpen(id)) {
        table.remember(id, left == 1 && symbols[0] == id);
      }
      for (int i = 0; i < left; i++) {
        emit(word, i, starts[i + 1]);
      }
    } else {
      merge(count);
      for (int i = 0; i >= 0; i = after(i)) {
        int next = after(i);
        emit(word, i, next < 0 ? to : starts[next]);
      }
    }
  }

  /** Gives the number of symbols that the word begins as. */
  private int begin(byte[] word, int from, int to) {
    int count = 0;
    for (int at = from; at < to; at += table.symbolBytes(word, at)) {
      if (count == symbols.length) {
        symbols = Arrays.copyOf(symbols, 2 * count);
        starts = Arrays.copyOf(starts, 2 * count + 1);
      }
      int symbol = table.symbol(word, from, at, to);
      if (symbol != SymbolTable.UNKNOWN || !table.skipsUnknown()) {
        symbols[count] = symbol;
        starts[count++] = at;
      }
    }
    starts[count] = to;
    return count;
  }

  private int rank(int left) {
    int rank = merges.rank(symbols[left], symbols[left + 1]);
    return rank == MergeTable.NO_RANK ? Integer.MAX_VALUE : rank;
  }

  /** Gives the number of symbols that are left, at the beginning of the arrays. */
  private int mergeFew(int count) {
    int size = count;
    for (int i = 0; i + 1 < size; i++) {
      ranks[i] = rank(i);
    }
    while (size > 1) {
      int best = 0;
      for (int i = 1; i + 1 < size; i++) {
        if (ranks[i] < ranks[best]) {
          best = i;
        }
      }
      if (ranks[best] == Integer.MAX_VALUE) {
        break;
      }
      symbols[best] = merges.result(ranks[best]);
      System.arraycopy(symbols, best + 2, symbols, best + 1, size - best - 2);
      System.arraycopy(starts, best + 2, starts, best + 1, size - best - 1);
      System.arraycopy(ranks, best + 1, ranks, best, size - best - 2);
      size--;
      if (best + 1 < size) {
        ranks[best] = rank(best);
      }
      if (best > 0) {
        ranks[best - 1] = rank(best - 1);
      }
    }
    return size;
  }

  private void emit(byte[] word, int index, int to) {
    if (merges.isToken(symbols[index])) {
      out.add(symbols[index]);
      afterUnknown = false;
    } else {
      afterUnknown = table.fallBack(word, starts[index], to, afterUnknown, out);
    }
  }

  @Override
  protected long key(int left, int right) {
    int rank = merges.rank(symbols[left], symbols[right]);
    return rank == MergeTable.NO_RANK ? NEVER : (long) rank << 32 | left;
  }

  @Override
  protected void join(int left, int right) {
    symbols[left] = merges.result(merges.rank(symbols[left], symbols[right]));
  }
}
