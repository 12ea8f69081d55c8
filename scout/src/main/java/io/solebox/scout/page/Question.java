package io.solebox.scout.page;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which things the page shows, and in which order.
 *
 * @param text words, all of which the title has
 * @param currency of what is asked
 * @param least of what is asked for one, in that currency
 * @param limit at most so many
 * @param offset behind so many
 */
public record Question(
    Optional<String> card,
    Optional<String> watch,
    Optional<String> site,
    Optional<String> happening,
    Optional<Boolean> suspicious,
    Optional<String> currency,
    Optional<BigDecimal> least,
    Optional<BigDecimal> most,
    List<String> text,
    Sort sort,
    int limit,
    int offset) {
  /** What comes first. */
  public enum Sort {
    NEWEST,
    PRICE,
    PER_GIGABYTE,
    PER_BANDWIDTH,
    /** The cheapest against what others ask. */
    STANDING,
    /** Auctions that end first. */
    ENDING;

    /** From its name, in whatever case. */
    public static Sort of(String name) {
      return valueOf(name.toUpperCase(Locale.ROOT));
    }
  }

  public Question {
    text = List.copyOf(text);
  }

  /** Words of a text as this takes them. */
  public static List<String> words(String text) {
    return Arrays.stream(text.toLowerCase(Locale.ROOT).split("\\s+"))
        .filter(word -> !word.isEmpty())
        .toList();
  }

  boolean takes(Thing thing) {
    return card.filter(name -> !thing.card().equals(Optional.of(name))).isEmpty()
        && watch.filter(name -> !thing.watches().contains(name)).isEmpty()
        && site.filter(name -> !thing.seen().site().equals(name)).isEmpty()
        && happening.filter(name -> !happened(thing, name)).isEmpty()
        && suspicious.filter(yes -> yes == thing.judgement().suspicions().isEmpty()).isEmpty()
        && takesPrice(thing)
        && hasText(thing);
  }

  private static boolean happened(Thing thing, String name) {
    return thing.last().filter(last -> last.happening().name().equalsIgnoreCase(name)).isPresent();
  }

  private boolean takesPrice(Thing thing) {
    if (currency.isEmpty() && least.isEmpty() && most.isEmpty()) {
      return true;
    }
    return thing
        .unitPrice()
        .filter(price -> currency.filter(code -> !code.equals(price.currency())).isEmpty())
        .filter(price -> least.filter(amount -> price.amount().compareTo(amount) < 0).isEmpty())
        .filter(price -> most.filter(amount -> price.amount().compareTo(amount) > 0).isEmpty())
        .isPresent();
  }

  private boolean hasText(Thing thing) {
    String title = thing.seen().title().toLowerCase(Locale.ROOT);
    return text.stream().allMatch(title::contains);
  }
}
