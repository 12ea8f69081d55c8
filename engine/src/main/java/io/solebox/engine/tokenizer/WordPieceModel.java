package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.normalize.Spacing;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Arrays;

/**
 * WordPiece as BERT has it: lower case, no accents, words at spaces, signs and ideographs by
 * themselves. Tokens that begin a word are written with U+2581 in front. Results are those of
 * llama.cpp's WPM tokenizer (ggml-org/llama.cpp: src/llama-vocab.cpp); where its normalization is
 * coarser than the original, which decomposes a character to more than its first part, so is this.
 */
final class WordPieceModel implements TextModel {
  private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

  private final Vocabulary vocabulary;
  private final WordPieces pieces;
  private final boolean lowercase;
  private final boolean stripsAccents;

  /**
   * @param unknown what stands for a word that pieces do not make
   */
  WordPieceModel(Vocabulary vocabulary, int unknown, boolean lowercase, boolean stripsAccents) {
    this.vocabulary = vocabulary;
    Trie trie = new Trie(vocabulary.texts(), 0, _ -> true);
    this.pieces = new WordPieces(trie, trie, unknown);
    this.lowercase = lowercase;
    this.stripsAccents = stripsAccents;
  }

  @Override
  public boolean addsSpacePrefix() {
    return false;
  }

  @Override
  public void encode(byte[] utf8, int from, int to, Place place, IntList out) {
    Utf8.Stretch text = Utf8.wellFormed(utf8, from, to);
    Word word = new Word(out);
    for (int at = text.from(); at < text.to(); at += Utf8.length(text.utf8()[at])) {
      int c = Utf8.codePoint(text.utf8(), at);
      accept(stripsAccents ? firstPart(c) : c, word);
    }
    word.end();
  }

  private void accept(int c, Word word) {
    if (Spacing.isSpace(c)) {
      word.end();
    } else if (c != 0 && c != 0xfffd && !CodePoints.isControl(c) && !isStripped(c)) {
      boolean alone = CodePoints.isBertPunctuation(c) || Spacing.isIdeograph(c);
      if (alone) {
        word.end();
      }
      word.add(lowercase ? Character.toLowerCase(c) : c);
      if (alone) {
        word.end();
      }
    }
  }

  private boolean isStripped(int c) {
    return stripsAccents && CodePoints.isMark(c);
  }

  private static int firstPart(int c) {
    return c < 0x80
        ? c
        : Normalizer.normalize(Character.toString(c), Normalizer.Form.NFD).codePointAt(0);
  }

  @Override
  public byte[] bytes(int id) {
    return vocabulary.spaced(id);
  }

  /** The word that is being read, with a mark in front. */
  private final class Word {
    private final IntList out;
    private byte[] utf8 = Arrays.copyOf(MARK, 64);
    private int length = MARK.length;

    Word(IntList out) {
      this.out = out;
    }

    void add(int c) {
      if (length + 4 > utf8.length) {
        utf8 = Arrays.copyOf(utf8, 2 * utf8.length);
      }
      length = Utf8.put(c, utf8, length);
    }

    void end() {
      if (length > MARK.length) {
        pieces.encode(utf8, 0, length, out);
        length = MARK.length;
      }
    }
  }
}
