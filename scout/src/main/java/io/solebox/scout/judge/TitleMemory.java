package io.solebox.scout.judge;

import io.solebox.hardware.table.PartTable;
import io.solebox.hardware.table.Quantity;
import io.solebox.scout.text.Text;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Whether titles give a card memory that no card of that name has: {@code V100 64GB}. */
final class TitleMemory {
  private static final Pattern AMOUNT = Pattern.compile("(\\d{1,4})gb");
  private static final Pattern COUNT = Pattern.compile("x?(\\d{1,2})x?");
  private static final int MIB_OF_GIB = 1024;

  /** Gigabytes by the first word of a card's name. */
  private final Map<String, Set<Integer>> sizes = new HashMap<>();

  private final Set<String> others;

  /**
   * @param rules the file of rules
   */
  TitleMemory(JsonNode rules) {
    PartTable.cards()
        .parts()
        .forEach(
            card ->
                card.figure(Quantity.VRAM_MIB)
                    .ifPresent(
                        mib ->
                            sizes(Text.of(card.key()).words().getFirst())
                                .add((int) (mib.low() / MIB_OF_GIB))));
    JsonNode more = rules.get("memory");
    for (String name : more.propertyNames()) {
      more.get(name).forEach(size -> sizes(name).add(size.intValue()));
    }
    others = Set.copyOf(TitleRules.texts(rules.get("memory_of_others").get("words")));
  }

  private Set<Integer> sizes(String name) {
    return sizes.computeIfAbsent(name, _ -> new TreeSet<>());
  }

  /**
   * The suspicion, where one card is named, and none of the amounts fits it.
   *
   * @param units how many cards are sold as one
   */
  Optional<Suspicion> wrong(Text title, int units) {
    List<String> named = sizes.keySet().stream().filter(title::has).toList();
    Set<Integer> amounts = amounts(title);
    if (named.size() != 1 || amounts.isEmpty()) {
      return Optional.empty();
    }
    Set<Integer> known = sizes.get(named.getFirst());
    Set<Integer> counts = counts(title, units);
    boolean fits =
        amounts.stream()
            .anyMatch(
                amount ->
                    known.stream()
                        .anyMatch(
                            size -> counts.stream().anyMatch(count -> count * size == amount)));
    return fits
        ? Optional.empty()
        : Optional.of(
            new Suspicion(
                "WRONG_MEMORY",
                "The title says %s GB, and no %s with that is known: there are %s GB."
                    .formatted(or(amounts), named.getFirst().toUpperCase(Locale.ROOT), or(known))));
  }

  private static String or(Collection<Integer> numbers) {
    return numbers.stream().map(String::valueOf).collect(Collectors.joining(" or "));
  }

  /** Of memory that may be the card's. */
  private Set<Integer> amounts(Text title) {
    Set<Integer> amounts = new TreeSet<>();
    for (int i = 0; i < title.words().size(); i++) {
      Matcher amount = AMOUNT.matcher(title.words().get(i));
      boolean last = i + 1 == title.words().size();
      if (amount.matches() && (last || !others.contains(title.words().get(i + 1)))) {
        amounts.add(Integer.parseInt(amount.group(1)));
      }
    }
    return amounts;
  }

  /** How many cards may be meant: all small numbers that stand there. */
  private static Set<Integer> counts(Text title, int units) {
    Set<Integer> counts = new HashSet<>(List.of(1, units));
    for (String word : title.words()) {
      count(word).ifPresent(counts::add);
    }
    return counts;
  }

  private static OptionalInt count(String word) {
    Matcher count = COUNT.matcher(word);
    return count.matches() ? OptionalInt.of(Integer.parseInt(count.group(1))) : OptionalInt.empty();
  }
}
