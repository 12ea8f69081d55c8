package io.solebox.scout.settings;

import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.story.Happening;
import io.solebox.scout.toml.TomlTable;
import io.solebox.scout.watch.Watch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what is looked for: {@code [[watch]]}. */
final class WatchReader {
  private static final int MOST_WORD = 100;
  private static final String PRICE =
      "an amount with its currency, as in 450 EUR; without it where [scout] has one";
  private static final String BAND = "from an amount to another, as in ..450 EUR or 100..450 EUR";

  private final General general;
  private final List<String> sites;
  private final Set<String> channels;
  private final Set<String> taken = new HashSet<>();
  private final PartTable cards = PartTable.cards();

  /**
   * @param sites that there are
   * @param channels that there are
   */
  WatchReader(General general, List<String> sites, Set<String> channels) {
    this.general = general;
    this.sites = sites;
    this.channels = channels;
  }

  Watch read(TomlTable table) {
    String name = SettingNames.read(table);
    if (!name.isEmpty() && !taken.add(name)) {
      table.wrong("name", "there are two watches of the name '%s'".formatted(name));
    }
    String usual = general.currency().orElse("");
    Set<Happening> tell = GeneralReader.happenings(table, "tell");
    var watch =
        new Watch(
            name,
            words(table, "any"),
            words(table, "all"),
            words(table, "none"),
            words(table, "part_numbers"),
            cards(table),
            table.value("price", text -> Values.band(text, usual), BAND),
            price(table, "per_unit", usual),
            price(table, "per_gb", usual),
            price(table, "per_gbps", usual),
            table.choices("condition", List.of(Condition.values()), Words::of),
            table.choices("sale", List.of(Watch.Kind.values()), Words::of),
            table.whole("seller_score", 0, Integer.MAX_VALUE),
            table.number("seller_percent", 0, 100),
            Set.copyOf(words(table, "blocked_sellers")),
            table
                .value("ships_to", Values::country, "the two letters of a country, as in DE")
                .or(general::country),
            table.value("category", WatchReader::category, "the number of a category"),
            table.known("sites", sites, each -> each),
            table.has("tell") ? tell : Set.of(Happening.values()),
            table.known("channels", List.copyOf(channels), each -> each));
    table.nothingElse();
    if (asksNothing(table)) {
      table.wrong("", "it asks for nothing: one of any, all, part_numbers and cards must be there");
    }
    return watch;
  }

  private static boolean asksNothing(TomlTable table) {
    return List.of("any", "all", "part_numbers", "cards").stream().noneMatch(table::has);
  }

  private static List<String> words(TomlTable table, String name) {
    return table.each(
        name,
        text -> text.isEmpty() || text.length() > MOST_WORD ? Optional.empty() : Optional.of(text),
        "words of 1 to %d characters".formatted(MOST_WORD));
  }

  private static Optional<Money> price(TomlTable table, String name, String usual) {
    return table.value(name, text -> Values.money(text, usual), PRICE);
  }

  private static Optional<String> category(String text) {
    return text.matches("\\d{1,12}") ? Optional.of(text) : Optional.empty();
  }

  /** As the table calls them; a name that fits several is all of them. */
  private List<String> cards(TomlTable table) {
    var found = new ArrayList<String>();
    for (String name : table.texts("cards")) {
      switch (cards.find(name)) {
        case PartTable.Found.One(Part part) -> found.add(part.key());
        case PartTable.Found.Several(var parts) -> parts.forEach(part -> found.add(part.key()));
        case PartTable.Found.Unknown(var nearest) ->
            table.wrong(
                "cards",
                "there is no card '%s' in the tables; the nearest are %s"
                    .formatted(
                        name, nearest.stream().map(Part::key).collect(Collectors.joining(", "))));
      }
    }
    return found.stream().distinct().toList();
  }
}
