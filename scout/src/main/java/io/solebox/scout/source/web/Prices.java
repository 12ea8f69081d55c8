package io.solebox.scout.source.web;

import io.solebox.scout.item.Money;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what is asked in what people write: {@code 450 EUR}, {@code €450}, {@code 450,- VB}, {@code
 * $1,200.50}. A number without a currency is none: titles are full of numbers.
 */
public final class Prices {
  private static final Map<String, String> CURRENCIES =
      Map.ofEntries(
          Map.entry("€", "EUR"),
          Map.entry("eur", "EUR"),
          Map.entry("euro", "EUR"),
          Map.entry("euros", "EUR"),
          Map.entry("£", "GBP"),
          Map.entry("gbp", "GBP"),
          Map.entry("us$", "USD"),
          Map.entry("usd", "USD"),
          Map.entry("ca$", "CAD"),
          Map.entry("c$", "CAD"),
          Map.entry("cad", "CAD"),
          Map.entry("au$", "AUD"),
          Map.entry("a$", "AUD"),
          Map.entry("aud", "AUD"),
          Map.entry("chf", "CHF"),
          Map.entry("zł", "PLN"),
          Map.entry("pln", "PLN"),
          Map.entry("sek", "SEK"),
          Map.entry("dkk", "DKK"),
          Map.entry("nok", "NOK"),
          Map.entry("czk", "CZK"));

  /** A bare sign is the dollar of the country, where it has one. */
  private static final Set<String> DOLLARS = Set.of("USD", "CAD", "AUD", "SGD", "HKD", "NZD");

  private static final String SIGN =
      "(?<sign>€|£|zł|(?:us|ca|au|c|a)?\\$|\\b(?:euros?|eur|gbp|usd|cad|aud|chf|pln|sek|dkk|nok|czk)\\b)";

  /** Not the end of another number or word, as the 2506 of a part number would be. */
  private static final String NUMBER =
      "(?<![\\w.,-])(?<number>\\d{1,3}(?:[.,'’ \u00a0]\\d{3}){1,4}(?:[.,]\\d{1,2})?"
          + "|\\d{1,8}(?:[.,]\\d{1,2})?)(?!\\d)";

  /** Of a price without cents, as Germans write it. */
  private static final String DASH = "(?:[.,]\\s?[-–—]{1,2})";

  private static final Pattern BEFORE =
      Pattern.compile(SIGN + "\\s?" + NUMBER.replace("(?<![\\w.,-])", ""));
  private static final Pattern AFTER = Pattern.compile(NUMBER + DASH + "?\\s?" + SIGN);

  /** Looks like a price of the owner's country, though it names no currency. */
  private static final Pattern BARE =
      Pattern.compile(NUMBER + "(?:" + DASH + "|\\s?(?:vb|vhb|festpreis)\\b)");

  private static final Pattern OFFERS =
      Pattern.compile("\\b(?:vb|vhb|obo|ono|verhandlungsbasis|best offer)\\b");

  private static final BigDecimal MOST = new BigDecimal("10000000");

  private Prices() {}

  /**
   * The first price in a text.
   *
   * @param usual the currency of what names none but looks like a price, and of a bare sign of
   *     dollars; empty where nobody said
   */
  public static Optional<Money> first(String text, Optional<String> usual) {
    String lower = text.toLowerCase(Locale.ROOT);
    return Stream.of(BEFORE, AFTER)
        .map(pattern -> pattern.matcher(lower))
        .filter(Matcher::find)
        .min(Comparator.comparingInt(Matcher::start))
        .flatMap(found -> money(found.group("number"), currency(found.group("sign"), usual)))
        .or(() -> usual.flatMap(currency -> bare(lower, currency)));
  }

  /** Whether a text says that less may be offered. */
  public static boolean takesOffers(String text) {
    return OFFERS.matcher(text.toLowerCase(Locale.ROOT)).find();
  }

  private static Optional<Money> bare(String lower, String currency) {
    Matcher found = BARE.matcher(lower);
    return found.find() ? money(found.group("number"), currency) : Optional.empty();
  }

  private static String currency(String sign, Optional<String> usual) {
    return sign.equals("$") ? usual.filter(DOLLARS::contains).orElse("USD") : CURRENCIES.get(sign);
  }

  /** The last of its marks is before the cents, where one or two digits follow it. */
  private static Optional<Money> money(String number, String currency) {
    String marks = number.replaceAll("['’ \u00a0]", "");
    int cents = Math.max(marks.lastIndexOf('.'), marks.lastIndexOf(','));
    boolean hasCents = cents >= 0 && marks.length() - cents - 1 <= 2;
    String whole = (hasCents ? marks.substring(0, cents) : marks).replaceAll("[.,]", "");
    var amount = new BigDecimal(hasCents ? whole + "." + marks.substring(cents + 1) : whole);
    return amount.signum() > 0 && amount.compareTo(MOST) < 0
        ? Optional.of(new Money(amount, currency))
        : Optional.empty();
  }
}
