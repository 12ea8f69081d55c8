package io.solebox.scout.notice;

import java.nio.charset.StandardCharsets;

/** Shortens texts; no character is cut in two. */
public final class Cut {
  private static final String ELLIPSIS = "…";

  private Cut() {}

  /**
   * At most so long, with an ellipsis where something is missing.
   *
   * @param most UTF-16 units, which are at least as many as code points
   */
  public static String to(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = Math.max(0, most - ELLIPSIS.length());
    if (end > 0 && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return most <= 0 ? "" : text.substring(0, end) + ELLIPSIS;
  }

  /** The same by bytes of UTF-8, of which the ellipsis has three. */
  public static String toBytes(String text, int most) {
    if (text.getBytes(StandardCharsets.UTF_8).length <= most) {
      return text;
    }
    int room = most - ELLIPSIS.getBytes(StandardCharsets.UTF_8).length;
    StringBuilder cut = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int point = text.codePointAt(at);
      room -= Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
      if (room < 0) {
        break;
      }
      cut.appendCodePoint(point);
      at += Character.charCount(point);
    }
    return cut.append(ELLIPSIS).toString();
  }
}
