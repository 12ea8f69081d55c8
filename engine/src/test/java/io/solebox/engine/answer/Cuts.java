package io.solebox.engine.answer;

import java.util.ArrayList;
import java.util.List;

/** Ways to cut a text in pieces of whole characters. */
final class Cuts {
  /** Longer texts are not cut in three everywhere. */
  private static final int SHORT = 60;

  private Cuts() {}

  /** In two at every place, in three at all pairs of places of short ones, and into characters. */
  static List<List<String>> of(String text) {
    List<String> characters = characters(text);
    List<List<String>> all = new ArrayList<>(inTwo(text));
    all.add(characters);
    int count = characters.size();
    for (int first = 1; first < count && count <= SHORT; first++) {
      for (int second = first + 1; second < count; second++) {
        all.add(
            List.of(
                join(characters, 0, first),
                join(characters, first, second),
                join(characters, second, count)));
      }
    }
    return all;
  }

  /** In two at every place. */
  static List<List<String>> inTwo(String text) {
    List<String> characters = characters(text);
    List<List<String>> all = new ArrayList<>();
    int count = characters.size();
    for (int first = 1; first < count; first++) {
      all.add(List.of(join(characters, 0, first), join(characters, first, count)));
    }
    return all;
  }

  static List<String> characters(String text) {
    return text.codePoints().mapToObj(Character::toString).toList();
  }

  private static String join(List<String> characters, int from, int to) {
    return String.join("", characters.subList(from, to));
  }
}
