package io.solebox.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * SentencePiece-style BPE: characters are joined to the token of the highest score until no
 * neighbours make a token; what is no token becomes bytes. Spaces are written as U+2581. Results
 * are those of llama.cpp's SPM tokenizer (ggml-org/llama.cpp: src/llama-vocab.cpp).
 */
final class SpmModel implements TextModel {
  /** U+2581, which stands for a space. */
  private static final byte[] SPACE = "\u2581".getBytes(StandardCharsets.UTF_8);

  /** Bytes of a character by the upper half of its first byte; stray bytes count as one. */
  private static final int[] LENGTHS = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};

  private final Vocabulary vocabulary;
  private final boolean spacePrefix;
  private final int[] byteIds;

  /** Whether no token has U+2581 behind something else, so that words can be taken one by one. */
  private final boolean wordwise;

  /**
   * @param unknown what stands for a byte that the vocabulary has no token for
   */
  SpmModel(Vocabulary vocabulary, boolean spacePrefix, int unknown) {
    this.vocabulary = vocabulary;
    this.spacePrefix = spacePrefix;
    this.byteIds = byteIds(vocabulary, unknown);
    this.wordwise = isWordwise(vocabulary);
  }

  private static int[] byteIds(Vocabulary vocabulary, int unknown) {
    int[] ids = new int[256];
    HexFormat hex = HexFormat.of().withUpperCase();
    for (int i = 0; i < 256; i++) {
      byte[] itself = {(byte) i};
      int plain = vocabulary.find(itself, 0, 1);
      ids[i] =
          vocabulary
              .find("<0x" + hex.toHexDigits((byte) i) + ">")
              .orElse(plain == Vocabulary.ABSENT ? unknown : plain);
    }
    return ids;
  }

  private static boolean isWordwise(Vocabulary vocabulary) {
    for (int id = 0; id < vocabulary.size(); id++) {
      byte[] text = vocabulary.textBytes(id);
      for (int i = 1; i + SPACE.length <= text.length; i++) {
        if (isSpace(text, i) && !(i >= SPACE.length && isSpace(text, i - SPACE.length))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isSpace(byte[] text, int at) {
    return text[at] == SPACE[0] && text[at + 1] == SPACE[1] && text[at + 2] == SPACE[2];
  }

  @Override
  public boolean addsSpacePrefix() {
    return spacePrefix;
  }

  @Override
  public void encode(byte[] utf8, int from, int to, boolean afterSpecial, IntList out) {
    byte[] text = escape(utf8, from, to, spacePrefix && afterSpecial);
    Merger merger = new Merger(text);
    int start = 0;
    while (start < text.length) {
      int end = wordwise ? wordEnd(text, start) : text.length;
      merger.encode(start, end, out);
      start = end;
    }
  }

  private static byte[] escape(byte[] utf8, int from, int to, boolean prefix) {
    int spaces = prefix ? 1 : 0;
    for (int i = from; i < to; i++) {
      spaces += utf8[i] == ' ' ? 1 : 0;
    }
    byte[] text = new byte[to - from + spaces * SPACE.length - (spaces - (prefix ? 1 : 0))];
    int at = 0;
    if (prefix) {
      System.arraycopy(SPACE, 0, text, 0, SPACE.length);
      at = SPACE.length;
    }
    for (int i = from; i < to; i++) {
      if (utf8[i] == ' ') {
        System.arraycopy(SPACE, 0, text, at, SPACE.length);
        at += SPACE.length;
      } else {
        text[at++] = utf8[i];
      }
    }
    return text;
  }

  /** The end of the word at {@code start}: all leading spaces, then up to the next space. */
  private static int wordEnd(byte[] text, int start) {
    int at = start;
    while (at < text.length && isSpaceAt(text, at)) {
      at += SPACE.length;
    }
    // A character at a time, so that a stray byte swallows what it swallows in the merger.
    while (at < text.length && !isSpaceAt(text, at)) {
      at += characterBytes(text, at, text.length);
    }
    return at;
  }

  private static boolean isSpaceAt(byte[] text, int at) {
    return at + SPACE.length <= text.length && isSpace(text, at);
  }

  private static int characterBytes(byte[] text, int at, int end) {
    return Math.min(LENGTHS[(text[at] & 0xff) >>> 4], end - at);
  }

  @Override
  public byte[] bytes(int id) {
    if (vocabulary.kind(id) == TokenKind.BYTE) {
      return new byte[] {byteValue(vocabulary.text(id))};
    }
    byte[] text = vocabulary.textBytes(id);
    int length = 0;
    for (int i = 0; i < text.length; length++) {
      boolean space = isSpaceAt(text, i);
      text[length] = space ? (byte) ' ' : text[i];
      i += space ? SPACE.length : 1;
    }
    return Arrays.copyOf(text, length);
  }

  /** The byte that {@code <0x0A>} stands for; 0 where a file calls another text a byte. */
  private static byte byteValue(String text) {
    if (text.length() == 6
        && HexFormat.isHexDigit(text.charAt(3))
        && HexFormat.isHexDigit(text.charAt(4))) {
      return (byte) HexFormat.fromHexDigits(text, 3, 5);
    }
    return 0;
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
      int id = vocabulary.find(text, from, to);
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
      if (ends[right] - starts[left] > vocabulary.maxTokenBytes()) {
        return NEVER;
      }
      int id = vocabulary.find(text, starts[left], ends[right]);
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
