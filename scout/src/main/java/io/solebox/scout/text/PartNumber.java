package io.solebox.scout.text;

import java.util.List;

/**
 * A part number as it is printed, or how it begins with {@code *} or {@code ...} at the end.
 * Hyphens and spaces make no difference, as sellers leave them out.
 */
public final class PartNumber {
  private final String written;
  private final String whole;
  private final boolean begins;

  private PartNumber(String written, String whole, boolean begins) {
    this.written = written;
    this.whole = whole;
    this.begins = begins;
  }

  /**
   * @throws IllegalArgumentException if there is neither letter nor digit in it
   */
  public static PartNumber of(String written) {
    String plain = written.strip();
    String number = plain.replaceFirst("(\\*|\\.\\.\\.|…)$", "");
    String whole = String.join("", Text.of(number).words());
    if (whole.isEmpty()) {
      throw new IllegalArgumentException("there is no part number in '" + written + "'");
    }
    return new PartNumber(plain, whole, !number.equals(plain));
  }

  /** Whether the text has it. */
  public boolean in(Text text) {
    List<String> words = text.words();
    for (int from = 0; from < words.size(); from++) {
      if (fits(words, from)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the words from there are it, put together. */
  private boolean fits(List<String> words, int from) {
    int length = 0;
    for (int at = from; at < words.size(); at++) {
      String word = words.get(at);
      if (word.length() >= whole.length() - length) {
        return whole.length() - length == word.length()
            ? whole.endsWith(word)
            : begins && word.startsWith(whole.substring(length));
      }
      if (!whole.startsWith(word, length)) {
        return false;
      }
      length += word.length();
    }
    return false;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return written;
  }
}
