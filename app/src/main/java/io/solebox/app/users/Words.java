package io.solebox.app.users;

import java.util.List;
import java.util.stream.Stream;

/** Several words in one argument. */
final class Words {
  private Words() {}

  /**
   * @param text with spaces or commas between words
   */
  static List<String> of(String text) {
    return Stream.of(text.split("[\\s,]+")).filter(word -> !word.isEmpty()).toList();
  }
}
