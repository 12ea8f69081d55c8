package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.constrain.pattern.Language;
import io.solebox.engine.constrain.pattern.Pattern;
import io.solebox.engine.constrain.schema.StringFacts.Rule;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.regex.RegexException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sets of strings, of which each is computed once. */
final class StringLanguages {
  private final Budget budget;

  /** Strings that cannot be written, because they would end what they stand in. */
  private final Language unwritable;

  private final Map<Rule, Language> rules = new HashMap<>();
  private final Map<StringFacts, Language> known = new HashMap<>();

  /**
   * @param end what no string may have in it; empty if there is nothing
   */
  StringLanguages(Budget budget, Optional<String> end) {
    this.budget = budget;
    this.unwritable = end.map(text -> containing(text, budget)).orElse(Language.NONE);
  }

  private static Language containing(String text, Budget budget) {
    StringBuilder pattern = new StringBuilder();
    text.codePoints().forEach(c -> pattern.append("\\u{%x}".formatted(c)));
    return Pattern.search(pattern.toString(), budget);
  }

  Budget budget() {
    return budget;
  }

  /** What a keyword asks of strings; empty if that is nothing. */
  Optional<Rule> rule(Schema schema, String keyword) {
    String text = schema.text(keyword).orElseThrow();
    Rule rule = new Rule(keyword, text);
    if (keyword.equals("pattern")) {
      rules.computeIfAbsent(rule, _ -> pattern(schema.pointer(keyword), text));
      return Optional.of(rule);
    }
    Formats.named(text).ifPresent(language -> rules.put(rule, language));
    return rules.containsKey(rule) ? Optional.of(rule) : Optional.empty();
  }

  /** Names that a pattern of {@code patternProperties} matches; the same object for the same. */
  Language name(Schema schema, String pattern) {
    Rule rule = new Rule("pattern", pattern);
    if (!rules.containsKey(rule)) {
      String pointer = Refusal.step(schema.pointer("patternProperties"), pattern);
      rules.put(rule, pattern(pointer, pattern));
    }
    return rules.get(rule);
  }

  private Language pattern(String pointer, String text) {
    try {
      return Pattern.search(text, budget);
    } catch (RegexException e) {
      throw Refusal.unsupported(
          pointer, "The pattern cannot be used: %s.".formatted(e.getMessage()));
    }
  }

  /** Whether every string can be written. */
  boolean areFree() {
    return unwritable == Language.NONE;
  }

  /** Those that can be written. */
  Language written(Language language) {
    return areFree() ? language : language.minus(unwritable, budget);
  }

  /**
   * @param place of a text that the schema names
   * @throws SoleboxException if it cannot be written
   */
  void checkWritten(String text, String place) {
    if (unwritable.accepts(text)) {
      throw Refusal.unsupported(
          place,
          "The text %s cannot be written: it has the end of an argument in it."
              .formatted(Refusal.quoted(text)));
    }
  }

  /**
   * The same of all that an alternative lists.
   *
   * @param facts of the alternative
   */
  void checkWritten(Alternative alternative, StringFacts facts) {
    if (!areFree() && facts.allowed().isPresent()) {
      Language asked = of(facts, "");
      facts.allowed().get().stream()
          .filter(asked::accepts)
          .forEach(text -> checkWritten(text, alternative.placeOfListed()));
    }
  }

  /**
   * All strings that are as asked.
   *
   * @param pointer where to say that it takes too much
   */
  Language of(StringFacts facts, String pointer) {
    try {
      return known.computeIfAbsent(facts, this::build);
    } catch (RegexException e) {
      throw tooMuch(pointer, e);
    }
  }

  /** Those of them that can be written. */
  Language written(StringFacts facts, String pointer) {
    try {
      return written(of(facts, pointer));
    } catch (RegexException e) {
      throw tooMuch(pointer, e);
    }
  }

  private static SoleboxException tooMuch(String pointer, RegexException e) {
    return Refusal.tooMuch(
        pointer, "What is asked of this string cannot be held: %s.".formatted(e.getMessage()));
  }

  private Language build(StringFacts facts) {
    if (facts.allowed().isPresent()) {
      Set<String> denied = new HashSet<>(facts.denied());
      List<String> left =
          facts.allowed().get().stream()
              .filter(text -> !denied.contains(text) && holds(facts, text))
              .toList();
      return Language.texts(left, budget);
    }
    Language language = Language.ALL;
    for (Rule rule : facts.patterns()) {
      language = language.and(rules.get(rule), budget);
    }
    for (Rule rule : facts.notPatterns()) {
      language = language.minus(rules.get(rule), budget);
    }
    if (!facts.denied().isEmpty()) {
      language = language.minus(Language.texts(facts.denied(), budget), budget);
    }
    Counts lengths = facts.lengths();
    return lengths.isFree()
        ? language
        : language.and(Language.lengths(lengths.min(), lengths.max(), budget), budget);
  }

  private boolean holds(StringFacts facts, String text) {
    int numRules = facts.patterns().size() + facts.notPatterns().size();
    budget.spend((1L + numRules) * (1 + text.length()));
    int length = text.codePointCount(0, text.length());
    return facts.lengths().contain(length)
        && facts.patterns().stream().allMatch(rule -> rules.get(rule).accepts(text))
        && facts.notPatterns().stream().noneMatch(rule -> rules.get(rule).accepts(text));
  }
}
