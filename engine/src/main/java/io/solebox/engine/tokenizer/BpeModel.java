package io.solebox.engine.tokenizer;

/**
 * BPE: text is split into words, the symbols of a word are joined by the merges in order of rank.
 * Results are those of llama.cpp's BPE tokenizer (ggml-org/llama.cpp: src/llama-vocab.cpp); each
 * byte that is no UTF-8 becomes U+FFFD first.
 */
final class BpeModel implements TextModel {
  /** Which words that are tokens are taken as they are, whatever the merges say. */
  enum WholeWords {
    NONE,
    /** Runs of line feeds. */
    LINE_FEEDS,
    ALL
  }

  /**
   * How a family of tokenizers goes about it.
   *
   * @param escapesSpaces whether spaces are written as U+2581
   */
  record Way(PreTokenizer preTokenizer, WholeWords wholeWords, boolean escapesSpaces) {}

  private final Vocabulary vocabulary;
  private final SymbolTable symbols;
  private final Way way;

  /** Whether no token joins words, so that they can be taken one by one. */
  private final boolean wordwise;

  BpeModel(Vocabulary vocabulary, SymbolTable symbols, Way way) {
    this.vocabulary = vocabulary;
    this.symbols = symbols;
    this.way = way;
    this.wordwise = way.escapesSpaces() && !symbols.joinsWords();
  }

  @Override
  public boolean addsSpacePrefix() {
    return false;
  }

  @Override
  public void encode(byte[] utf8, int from, int to, Place place, IntList out) {
    Utf8.Stretch text = Utf8.wellFormed(utf8, from, to);
    if (way.escapesSpaces()) {
      byte[] escaped = Spaces.escape(text.utf8(), text.from(), text.to(), false);
      text = new Utf8.Stretch(escaped, 0, escaped.length);
    }
    WordMerger merger = new WordMerger(symbols, out);
    way.preTokenizer()
        .split(
            text.utf8(),
            text.from(),
            text.to(),
            place.atStart(),
            (word, start, end, _) -> encodeWord(merger, word, start, end));
  }

  private void encodeWord(WordMerger merger, byte[] word, int from, int to) {
    boolean whole =
        switch (way.wholeWords()) {
          case NONE -> false;
          case LINE_FEEDS -> word[from] == '\n';
          case ALL -> true;
        };
    if (!wordwise || whole) {
      merger.encode(word, from, to, whole);
      return;
    }
    for (int start = from; start < to; ) {
      int end = Spaces.wordEnd(word, start, to);
      merger.encode(word, start, end, false);
      start = end;
    }
  }

  @Override
  public byte[] bytes(int id) {
    return switch (vocabulary.kind(id)) {
      case CONTROL, UNKNOWN, USER_DEFINED -> vocabulary.textBytes(id);
      case NORMAL, BYTE, UNUSED -> way.escapesSpaces() ? vocabulary.spaced(id) : symbols.bytes(id);
    };
  }
}
