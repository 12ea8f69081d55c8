package io.solebox.engine.tokenizer;

import io.solebox.engine.regex.Regex;
import io.solebox.engine.tokenizer.normalize.Normalizer;
import io.solebox.engine.tokenizer.normalize.Normalizers;

/**
 * Writes spaces as a mark, puts one in front, and cuts before each (huggingface/tokenizers:
 * pre_tokenizers/metaspace.rs).
 */
final class Metaspace implements PreTokenizer {
  /** Where a mark is put in front, unless there is one. */
  enum Prepend {
    ALWAYS,
    FIRST,
    NEVER
  }

  private final byte[] mark;
  private final Normalizer spacesToMarks;
  private final Normalizer markInFront;
  private final Prepend prepend;
  private final PreTokenizer cut;

  /**
   * @param mark that stands for a space
   * @param cuts whether words begin at marks
   */
  Metaspace(String mark, Prepend prepend, boolean cuts) {
    this.mark = mark.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    this.spacesToMarks = Normalizers.replace(Regex.literal(" "), mark);
    this.markInFront = Normalizers.prepend(mark);
    this.prepend = prepend;
    this.cut =
        cuts
            ? new Splits(Regex.literal(mark), Splits.Behavior.MERGED_WITH_NEXT, false)
            : (utf8, from, to, first, words) -> words.accept(utf8, from, to, first);
  }

  @Override
  public void split(byte[] utf8, int from, int to, boolean first, Words words) {
    byte[] text = spacesToMarks.normalize(java.util.Arrays.copyOfRange(utf8, from, to));
    boolean wanted =
        switch (prepend) {
          case ALWAYS -> true;
          case FIRST -> first;
          case NEVER -> false;
        };
    if (wanted && !startsWithMark(text)) {
      text = markInFront.normalize(text);
    }
    cut.split(text, 0, text.length, first, words);
  }

  private boolean startsWithMark(byte[] text) {
    return text.length >= mark.length
        && java.util.Arrays.equals(text, 0, mark.length, mark, 0, mark.length);
  }
}
