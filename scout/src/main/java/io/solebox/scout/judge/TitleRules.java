package io.solebox.scout.judge;

import io.solebox.scout.item.Condition;
import io.solebox.scout.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** Suspicions that come from words of titles: {@code suspicions.toml}. */
final class TitleRules {
  private static final String OUTSIDE = "CONTACT_OUTSIDE";

  /**
   * @param says for people, with a place for the term that was found
   * @param priced whether what is asked is what such a card costs
   * @param before whether terms count only before the name of a card
   */
  private record Rule(
      String code,
      String says,
      boolean priced,
      boolean before,
      Set<Condition> except,
      Phrases phrases,
      Phrases unless) {
    Optional<Suspicion> of(Text title, int names, Condition condition) {
      if (except.contains(condition)) {
        return Optional.empty();
      }
      return (before ? phrases.before(title, names) : phrases.in(title))
          .filter(_ -> unless.in(title).isEmpty())
          .map(found -> new Suspicion(code, says.formatted(found)));
    }
  }

  private final List<Rule> rules = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private final int mostNames;
  private final TitleMemory memory;

  /** Reads the rules. */
  TitleRules() {
    JsonNode file = file();
    file.get("rule").forEach(each -> rules.add(rule(each, file.get("words"))));
    texts(file.get("many").get("names")).forEach(names::add);
    mostNames = file.get("many").get("least").intValue() - 1;
    memory = new TitleMemory(file);
  }

  private static JsonNode file() {
    try (InputStream in = TitleRules.class.getResourceAsStream("suspicions.toml")) {
      return new TomlMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Rule rule(JsonNode rule, JsonNode words) {
    return new Rule(
        rule.get("code").stringValue(),
        rule.get("says").stringValue(),
        !rule.has("priced") || rule.get("priced").booleanValue(),
        rule.has("where") && rule.get("where").stringValue().equals("before"),
        rule.has("except") ? conditions(rule.get("except")) : Set.of(),
        Phrases.of(rule.get("terms"), words),
        Phrases.of(rule.get("unless"), words));
  }

  private static Set<Condition> conditions(JsonNode names) {
    Set<Condition> conditions = new HashSet<>();
    texts(names).forEach(each -> conditions.add(Condition.valueOf(each)));
    return conditions;
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.stringValue()));
    return texts;
  }

  /**
   * What is odd, each code once.
   *
   * @param units how many cards are sold as one
   */
  List<Suspicion> of(Text title, Condition condition, int units) {
    List<Suspicion> all = new ArrayList<>();
    int first = firstName(title);
    for (Rule rule : rules) {
      if (all.stream().noneMatch(each -> each.code().equals(rule.code()))) {
        rule.of(title, first, condition).ifPresent(all::add);
      }
    }
    List<String> named = title.words().stream().filter(names::contains).distinct().toList();
    if (named.size() > mostNames) {
      all.add(
          new Suspicion(
              "MANY_CARDS",
              "The title names %d cards (%s): it wants to be found by all of them."
                  .formatted(named.size(), String.join(", ", named))));
    }
    memory.wrong(title, units).ifPresent(all::add);
    if (hasMailAddress(title) && all.stream().noneMatch(each -> each.code().equals(OUTSIDE))) {
      all.add(
          new Suspicion(
              OUTSIDE,
              "The title has a mail address: who deals outside of the market is not protected by it."));
    }
    return all;
  }

  /** As in {@code name@example.org}. */
  private static boolean hasMailAddress(Text title) {
    for (int word = 1; word + 1 < title.words().size(); word++) {
      if (title.gap(word).equals("@") && title.gap(word + 1).equals(".")) {
        return true;
      }
    }
    return false;
  }

  /** The number of the first word that names a card, or that of all words. */
  private int firstName(Text title) {
    int at = 0;
    while (at < title.words().size() && !names.contains(title.words().get(at))) {
      at++;
    }
    return at;
  }

  /** Whether what is asked there is what such a card costs. */
  boolean isPriced(String code) {
    return !code.equals("MANY_CARDS")
        && !code.equals("WRONG_MEMORY")
        && rules.stream().allMatch(rule -> rule.priced() || !rule.code().equals(code));
  }
}
