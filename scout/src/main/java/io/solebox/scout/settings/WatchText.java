package io.solebox.scout.settings;

import io.solebox.scout.item.Money;
import io.solebox.scout.watch.Watch;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Watches by the names of the file of settings, as plain values and as a piece of its text. */
public final class WatchText {
  private WatchText() {}

  /** What a watch says; texts, numbers, and lists of texts. */
  public static Map<String, Object> fields(Watch watch) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", watch.name());
    list(fields, "any", watch.any());
    list(fields, "all", watch.all());
    list(fields, "none", watch.none());
    list(fields, "part_numbers", watch.partNumbers());
    list(fields, "cards", watch.cards());
    watch.price().ifPresent(band -> fields.put("price", band(band)));
    watch.perUnit().ifPresent(it -> fields.put("per_unit", it.toString()));
    watch.perGigabyte().ifPresent(it -> fields.put("per_gb", it.toString()));
    watch.perBandwidth().ifPresent(it -> fields.put("per_gbps", it.toString()));
    list(fields, "condition", watch.conditions().stream().sorted().map(Words::of).toList());
    list(fields, "sale", watch.sales().stream().sorted().map(Words::of).toList());
    watch.sellerScore().ifPresent(it -> fields.put("seller_score", it));
    watch.sellerPercent().ifPresent(it -> fields.put("seller_percent", it));
    list(fields, "blocked_sellers", watch.blockedSellers().stream().sorted().toList());
    watch.shipsTo().ifPresent(it -> fields.put("ships_to", it));
    watch.category().ifPresent(it -> fields.put("category", it));
    list(fields, "sites", watch.sites().stream().sorted().toList());
    fields.put("tell", watch.tell().stream().sorted().map(Words::of).toList());
    list(fields, "channels", watch.channels().stream().sorted().toList());
    return fields;
  }

  private static void list(Map<String, Object> fields, String name, List<String> texts) {
    if (!texts.isEmpty()) {
      fields.put(name, texts);
    }
  }

  private static String band(Watch.Band band) {
    String least = band.least().map(it -> it.amount().toPlainString()).orElse("");
    String most = band.most().map(it -> it.amount().toPlainString()).orElse("");
    String currency = band.most().or(band::least).map(Money::currency).orElse("");
    return least + ".." + most + " " + currency;
  }

  /** A piece of the file that says the same; names that mean nothing there are found by reading. */
  public static String block(Map<String, ?> fields) {
    var block = new StringBuilder("[[watch]]\n");
    fields.forEach(
        (name, value) -> block.append(key(name)).append(" = ").append(value(value)).append('\n'));
    return block.toString();
  }

  private static String key(String name) {
    return name.matches("[A-Za-z0-9_-]+") ? name : quoted(name);
  }

  private static String value(Object value) {
    return switch (value) {
      case Collection<?> list ->
          list.stream().map(WatchText::value).collect(Collectors.joining(", ", "[", "]"));
      case Number number -> number.toString();
      case Object other -> quoted(other.toString());
    };
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                default -> {
                  if (c < 0x20 || c == 0x7f) {
                    quoted.append("\\u%04x".formatted(c));
                  } else {
                    quoted.appendCodePoint(c);
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }

  /** The text with a piece more at its end. */
  public static String with(String text, String block) {
    String end = text.isEmpty() || text.endsWith("\n") ? "" : "\n";
    return text + end + (text.isBlank() ? "" : "\n") + block;
  }

  /**
   * The text without one watch, and without the comment right above it; all else stays as it is.
   *
   * @param index which of its watches, from 0
   */
  public static Optional<String> without(String text, int index) {
    return WatchLines.without(text, index);
  }
}
