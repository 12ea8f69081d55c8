package io.solebox.engine.tokenizer;

/**
 * Byte-level BPE: text is split into words, the bytes of a word are joined by the merges in order
 * of rank. Results are those of llama.cpp's BPE tokenizer (ggml-org/llama.cpp:
 * src/llama-vocab.cpp); each byte that is no UTF-8 becomes U+FFFD first.
 */
final class BpeModel implements TextModel {
  private final Vocabulary vocabulary;
  private final MergeTable merges;
  private final PreTokenizer preTokenizer;
  private final boolean wholeWordsFirst;
  private final ByteAlphabet alphabet = new ByteAlphabet();
  private final int[] byteSymbols = new int[256];

  /**
   * @param wholeWordsFirst whether a word that is a token is taken as it is, whatever the merges
   *     say
   */
  BpeModel(
      Vocabulary vocabulary,
      MergeTable merges,
      PreTokenizer preTokenizer,
      boolean wholeWordsFirst) {
    this.vocabulary = vocabulary;
    this.merges = merges;
    this.preTokenizer = preTokenizer;
    this.wholeWordsFirst = wholeWordsFirst;
    for (int i = 0; i < 256; i++) {
      byte[] letter = alphabet.letter(i);
      byteSymbols[i] = merges.symbol(letter, 0, letter.length);
    }
  }

  @Override
  public boolean addsSpacePrefix() {
    return false;
  }

  @Override
  public void encode(byte[] utf8, int from, int to, boolean afterSpecial, IntList out) {
    int[] text = CodePoints.decode(utf8, from, to);
    Merger merger = new Merger();
    for (int start = 0; start < text.length; ) {
      int end = preTokenizer.next(text, start);
      merger.encode(text, start, end, out);
      start = end;
    }
  }

  @Override
  public byte[] bytes(int id) {
    return alphabet.decode(vocabulary.text(id));
  }

  /** One word's symbols. */
  private final class Merger extends PairMerger {
    private byte[] word = new byte[64];
    private int[] symbols = new int[64];
    private byte[] letters = new byte[128];

    void encode(int[] text, int start, int end, IntList out) {
      if (word.length < 4 * (end - start)) {
        word = new byte[8 * (end - start)];
        symbols = new int[word.length];
        letters = new byte[2 * word.length];
      }
      int count = CodePoints.encode(text, start, end, word);
      if (wholeWordsFirst) {
        int id = findWord(count);
        if (id != Vocabulary.ABSENT) {
          out.add(id);
          return;
        }
      }
      for (int i = 0; i < count; i++) {
        symbols[i] = byteSymbols[word[i] & 0xff];
      }
      merge(count);
      for (int i = 0; i >= 0; i = after(i)) {
        emit(symbols[i], out);
      }
    }

    private int findWord(int count) {
      int length = 0;
      for (int i = 0; i < count; i++) {
        for (byte part : alphabet.letter(word[i] & 0xff)) {
          letters[length++] = part;
        }
      }
      return vocabulary.find(letters, 0, length);
    }

    /** A symbol that is no token leaves those of its UTF-8 bytes that are. */
    private void emit(int symbol, IntList out) {
      if (merges.isToken(symbol)) {
        out.add(symbol);
        return;
      }
      byte[] text = merges.extraText(symbol);
      for (int i = 0; i < text.length; i++) {
        int id = vocabulary.find(text, i, i + 1);
        if (id != Vocabulary.ABSENT) {
          out.add(id);
        }
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
}
