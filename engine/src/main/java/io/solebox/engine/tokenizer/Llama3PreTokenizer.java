package io.solebox.engine.tokenizer;

/**
 * {@code (?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|
 * ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+} (meta-llama/llama3: llama/tokenizer.py). Qwen2
 * has {@code \p{N}} in place of {@code \p{N}{1,3}}.
 */
final class Llama3PreTokenizer implements PreTokenizer {
  private static final int LETTER = CodePoints.LETTER;
  private static final int NUMBER = CodePoints.NUMBER;

  private final int maxDigits;

  /**
   * @param maxDigits how many digits stay together
   */
  Llama3PreTokenizer(int maxDigits) {
    this.maxDigits = maxDigits;
  }

  @Override
  public int next(int[] text, int start) {
    int contraction = Scan.skipContraction(text, start, true);
    if (contraction > start) {
      return contraction;
    }
    if (Scan.is(text, start, NUMBER)) {
      return Scan.skip(text, start, Math.min(start + maxDigits, text.length), NUMBER);
    }
    boolean letters = Scan.is(text, start, LETTER) || Scan.is(text, start + 1, LETTER);
    if (letters && !Scan.isNewline(text[start])) {
      return Scan.skip(text, start + 1, LETTER);
    }
    int at = text[start] == ' ' ? start + 1 : start;
    if (Scan.is(text, at, CodePoints.OTHER)) {
      return Scan.skipNewlines(text, Scan.skip(text, at, CodePoints.OTHER));
    }
    return spaces(text, start);
  }

  private static int spaces(int[] text, int start) {
    int end = Scan.skip(text, start, CodePoints.SPACE);
    int last = end;
    while (last > start && !Scan.isNewline(text[last - 1])) {
      last--;
    }
    return last > start ? last : Scan.skipSpaces(text, start);
  }
}
