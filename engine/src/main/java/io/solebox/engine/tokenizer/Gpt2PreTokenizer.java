package io.solebox.engine.tokenizer;

/**
 * {@code 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+} (openai/gpt-2:
 * src/encoder.py).
 */
final class Gpt2PreTokenizer implements PreTokenizer {
  @Override
  public int next(int[] text, int start) {
    int contraction = Scan.skipContraction(text, start, false);
    if (contraction > start) {
      return contraction;
    }
    int at = text[start] == ' ' ? start + 1 : start;
    if (at < text.length) {
      int kind = CodePoints.classOf(text[at]);
      if (kind != CodePoints.SPACE) {
        return Scan.skip(text, at, kind);
      }
    }
    return Scan.skipSpaces(text, start);
  }
}
