package io.solebox.engine.tokenizer.normalize;

/** Kinds of characters that words are cut at. */
public final class Spacing {
  private Spacing() {}

  /** Unicode's White_Space. */
  public static boolean isSpace(int c) {
    return c <= ' ' ? c == ' ' || (c >= '\t' && c <= '\r') : c == 0x85 || Character.isSpaceChar(c);
  }

  /** Whether BERT takes it for an ideograph, with the gap that its implementations have. */
  public static boolean isIdeograph(int c) {
    return (c >= 0x4e00 && c <= 0x9fff)
        || (c >= 0x3400 && c <= 0x4dbf)
        || (c >= 0x2_0000 && c <= 0x2_a6df)
        || (c >= 0x2_a700 && c <= 0x2_b73f)
        || (c >= 0x2_b740 && c <= 0x2_b81f)
        || (c >= 0x2_b920 && c <= 0x2_ceaf)
        || (c >= 0xf900 && c <= 0xfaff)
        || (c >= 0x2_f800 && c <= 0x2_fa1f);
  }
}
