package io.solebox.scout.judge;

import io.solebox.scout.text.Term;
import io.solebox.scout.text.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Terms of which one is looked for in titles. Each is found by a word without which it is in no
 * title: of some hundred terms a few are looked at.
 */
final class Phrases {
  private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");

  private final Map<String, List<Term>> byWord = new HashMap<>();

  /** Those whose words are all beginnings or ends. */
  private final List<Term> others = new ArrayList<>();

  private Phrases() {}

  /**
   * @param written terms, in which <code>{name}</code> stands for each of the words of that name
   * @param words by name
   */
  static Phrases of(JsonNode written, JsonNode words) {
    var phrases = new Phrases();
    for (String each : TitleRules.texts(written)) {
      phrases.add(each, words);
    }
    return phrases;
  }

  private void add(String written, JsonNode words) {
    Matcher name = NAME.matcher(written);
    if (name.find()) {
      for (String word : TitleRules.texts(words.get(name.group(1)))) {
        add(written.substring(0, name.start()) + word + written.substring(name.end()), words);
      }
      return;
    }
    Term term = Term.of(written);
    Arrays.stream(written.replace("\"", "").split(" "))
        .filter(piece -> !piece.contains("*"))
        .map(piece -> Text.of(piece).words().getFirst())
        .findFirst()
        .ifPresentOrElse(
            word -> byWord.computeIfAbsent(word, _ -> new ArrayList<>()).add(term),
            () -> others.add(term));
  }

  /** The first that is in a title, as it was written. */
  Optional<String> in(Text title) {
    return first(title, title.words().size());
  }

  /** The first of which the first words begin before that one. */
  Optional<String> before(Text title, int end) {
    return first(title, end);
  }

  private Optional<String> first(Text title, int end) {
    for (String word : title.words()) {
      Optional<String> found = first(byWord.getOrDefault(word, List.of()), title, end);
      if (found.isPresent()) {
        return found;
      }
    }
    return first(others, title, end);
  }

  private static Optional<String> first(List<Term> terms, Text title, int end) {
    for (Term term : terms) {
      if (term.in(title) && (end == title.words().size() || term.at(title, 0) < end)) {
        return Optional.of(term.toString().replaceAll("[\"*]", ""));
      }
    }
    return Optional.empty();
  }
}
