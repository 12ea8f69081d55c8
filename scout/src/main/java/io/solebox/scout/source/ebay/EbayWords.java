package io.solebox.scout.source.ebay;

import io.solebox.scout.watch.Watch;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What eBay is asked for a watch. Its search knows words that must all be there, and one list in
 * parentheses of which one is enough (eBay: item_summary/search, {@code q}); no stems, no typos, no
 * beginnings of part numbers. So it is asked for more than is wanted, and the watch looks at what
 * comes.
 */
final class EbayWords {
  /** Of {@code q} (the same page). */
  private static final int MOST_CHARACTERS = 100;

  private static final Pattern DIGIT = Pattern.compile(".*\\d.*");

  private EbayWords() {}

  /**
   * One text for each search that the watch needs; one that is empty where a category is enough.
   */
  static List<String> of(Watch watch) {
    Set<String> single = new LinkedHashSet<>();
    Set<String> several = new LinkedHashSet<>();
    for (String word : wanted(watch)) {
      (word.contains(" ") ? several : single).add(word);
    }
    List<String> all = watch.all().stream().map(EbayWords::plain).toList();
    String and = String.join(" ", all);
    if (single.isEmpty() && several.isEmpty()) {
      return !and.isEmpty()
          ? List.of(shortened(and))
          : watch.category().isPresent() ? List.of("") : List.of();
    }
    List<String> searches = new ArrayList<>();
    several.forEach(words -> searches.add(shortened(joined(words, and))));
    searches.addAll(lists(single, and));
    return searches;
  }

  private static Set<String> wanted(Watch watch) {
    Set<String> wanted = new LinkedHashSet<>();
    for (String word : watch.any()) {
      wanted.add(plain(word));
      if (word.contains("~")) {
        wanted.add(plain(word).replace('0', 'O')); // A1OO: the one typo that is written often
      }
    }
    watch.partNumbers().forEach(number -> wanted.add(plain(number)));
    watch.cards().forEach(card -> wanted.add(model(card)));
    wanted.remove("");
    return wanted;
  }

  /** {@code V100} of {@code V100-SXM2-32GB}: the rest is written in too many ways. */
  private static String model(String card) {
    String[] parts = card.split("-");
    return DIGIT.matcher(parts[0]).matches() || parts.length == 1
        ? plain(parts[0])
        : plain(parts[0] + " " + parts[1]);
  }

  /** Without what is meant for the watch alone, or would mean something else to the search. */
  private static String plain(String word) {
    return word.replaceAll("~\\d*$|\\.\\.\\.$|\\*", "")
        .replaceAll("[\"'(),]+", " ")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static List<String> lists(Set<String> words, String and) {
    List<String> searches = new ArrayList<>();
    List<String> list = new ArrayList<>();
    for (String word : words) {
      list.add(word);
      if (list.size() > 1 && listed(list, and).length() > MOST_CHARACTERS) {
        list.removeLast();
        searches.add(listed(list, and));
        list.clear();
        list.add(word);
      }
    }
    if (!list.isEmpty()) {
      searches.add(shortened(listed(list, and)));
    }
    return searches;
  }

  private static String listed(List<String> words, String and) {
    return joined(words.size() == 1 ? words.getFirst() : "(" + String.join(", ", words) + ")", and);
  }

  private static String joined(String words, String and) {
    return and.isEmpty() ? words : words + " " + and;
  }

  /** Fewer words find more. */
  private static String shortened(String words) {
    if (words.length() <= MOST_CHARACTERS) {
      return words;
    }
    int space = words.lastIndexOf(' ', MOST_CHARACTERS);
    return words.substring(0, space > 0 ? space : MOST_CHARACTERS);
  }
}
