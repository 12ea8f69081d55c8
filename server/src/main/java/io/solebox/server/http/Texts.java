package io.solebox.server.http;

/** What callers sent, fit for messages to them. */
public final class Texts {
  private static final int MAX_VALUE = 40;

  private Texts() {}

  /** At most {@code max} UTF-16 units, and no half of a surrogate pair at the cut. */
  public static String abbreviated(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end) + "...";
  }

  /** A value in a sentence. */
  public static String abbreviated(String text) {
    return abbreviated(text, MAX_VALUE);
  }
}
