package io.solebox.engine.tokenizer;

import java.util.Arrays;

/**
 * SentencePiece-style BPE: characters are joined to the token of the highest score until no
 * neighbours make a token; what is no token becomes bytes. Spaces are written as U+2581. Results
 * are those of llama.cpp's SPM tokenizer (ggml-org/llama.cpp: src/llama-vocab.cpp).
 */
final class SpmModel implements TextModel {
  private final Vocabulary vocabulary;
  private final TokenIndex index;
  private final boolean spacePrefix;
  private final int[] byteIds;

  /** Whether no token has U+2581 behind something else, so that words can be taken one by one. */
  private final boolean wordwise;

  /**
   * @param index tokens that text can become, by text
   * @param unknown what stands for a byte that the vocabulary has no token for
   */
  SpmModel(Vocabulary vocabulary, TokenIndex index, boolean spacePrefix, int unknown) {
    this.index = index;
    this.vocabulary = vocabulary;
    this.spacePrefix = spacePrefix;
    this.byteIds = byteIds(vocabulary, unknown);
    this.wordwise = isWordwise(vocabulary);
  }

  /** Where a byte has no token of its own, its character's; else the unknown one. */
  private static int[] byteIds(Vocabulary vocabulary, int unknown) {
    ByteTokens tokens = ByteTokens.of(vocabulary.index());
    int[] ids = new int[256];
    for (int i = 0; i < 256; i++) {
      byte[] itself = {(byte) i};
      int plain = vocabulary.find(itself, 0, 1);
      int byteToken = tokens.id((byte) i);
      int fallback = plain == Vocabulary.ABSENT ? unknown : plain;
      ids[i] = byteToken == Vocabulary.ABSENT ? fallback : byteToken;
    }
    return ids;
  }

  private static boolean isWordwise(Vocabulary vocabulary) {
    for (int id = 0; id < vocabulary.size(); id++) {
      if (Spaces.joinsWords(vocabulary.textBytes(id))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean addsSpacePrefix() {
    return spacePrefix;
  }

  @Override
  public void encode(byte[] utf8, int from, int to, Place place, IntList out) {
    byte[] text = Spaces.escape(utf8, from, to, spacePrefix && place.afterSpecial());
    encodeEscaped(text, 0, text.length, out);
  }

  /** As {@link #encode}, of text that has U+2581 for spaces. */
  void encodeEscaped(byte[] text, int from, int to, IntList out) {
    Merger merger = new Merger(text);
    for (int start = from; start < to; ) {
      int end = wordwise ? Spaces.wordEnd(text, start, to) : to;
      merger.encode(start, end, out);
      start = end;
    }
  }

  private static int characterBytes(byte[] text, int at, int end) {
    return Math.min(Spaces.characterBytes(text[at]), end - at);
  }

  @Override
  public byte[] bytes(int id) {
    return vocabulary.spaced(id);
  }

  /** One text's symbols: stretches of its bytes. */
  private final class Merger extends PairMerger {
    private final byte[] text;
    private int[] starts = new int[64];
    private int[] ends = new int[64];

    Merger(byte[] text) {
      this.text = text;
    }

    void encode(int from, int to, IntList out) {
      int count = 0;
      for (int at = from; at < to; count++) {
        if (count == starts.length) {
          starts = Arrays.copyOf(starts, 2 * count);
          ends = Arrays.copyOf(ends, 2 * count);
        }
        starts[count] = at;
        at += characterBytes(text, at, to);
        ends[count] = at;
      }
      merge(count);
      for (int i = 0; i >= 0; i = after(i)) {
        emit(starts[i], ends[i], out);
      }
    }

    private void emit(int from, int to, IntList out) {
      int id = index.find(text, from, to);
      if (id != Vocabulary.ABSENT) {
        out.add(id);
        return;
      }
      for (int i = from; i < to; i++) {
        out.add(byteIds[text[i] & 0xff]);
      }
    }

    @Override
    protected long key(int left, int right) {
      if (ends[right] - starts[left] > index.maxBytes()) {
        return NEVER;
      }
      int id = index.find(text, starts[left], ends[right]);
      if (id == Vocabulary.ABSENT) {
        return NEVER;
      }
      return (long) ~sortable(vocabulary.score(id)) << 32 | left;
    }

    @Override
    protected void join(int left, int right) {
      ends[left] = ends[right];
    }

    /** An int that grows with {@code score}. */
    private static int sortable(float score) {
      int bits = Float.floatToRawIntBits(score);
      return bits >= 0 ? bits : bits ^ 0x7fff_ffff;
    }
  }
}
