package io.solebox.scout.settings;

import io.solebox.scout.item.Money;
import io.solebox.scout.outbox.Calm;
import io.solebox.scout.watch.Watch.Band;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What people write for amounts, times and places; empty for what is none. */
final class Values {
  private static final Pattern AMOUNT =
      Pattern.compile("(\\d{1,12}(?:\\.\\d{1,6})?)?\\s*([A-Z]{3}|[€$£])?");
  private static final Pattern CODE_FIRST =
      Pattern.compile("([A-Z]{3}|[€$£])\\s*(\\d{1,12}(?:\\.\\d{1,6})?)");
  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,6})\\s*(s|sec|m|min|h|hours?|d|days?)");
  private static final Map<String, String> SIGNS = Map.of("€", "EUR", "$", "USD", "£", "GBP");
  private static final String RANGE = "..";

  private Values() {}

  /**
   * As in {@code 450 EUR}, {@code €450}, {@code 450}.
   *
   * @param usual currency of amounts that name none; empty for that there is none
   */
  static Optional<Money> money(String text, String usual) {
    Matcher first = CODE_FIRST.matcher(text);
    Matcher last = AMOUNT.matcher(text);
    if (first.matches()) {
      return money(first.group(2), first.group(1), usual);
    }
    return last.matches() ? money(last.group(1), last.group(2), usual) : Optional.empty();
  }

  /** Patterns say null for a part that is not there. */
  private static Optional<Money> money(String amount, String sign, String usual) {
    String currency = sign == null ? usual : SIGNS.getOrDefault(sign, sign);
    return amount == null || currency.isEmpty()
        ? Optional.empty()
        : Optional.of(new Money(new BigDecimal(amount), currency));
  }

  /**
   * As in {@code ..450 EUR}, {@code 100..450 EUR}, {@code 100.. EUR}; an amount alone is the most.
   */
  static Optional<Band> band(String text, String usual) {
    int dots = text.indexOf(RANGE);
    if (dots < 0) {
      return money(text, usual).map(most -> new Band(Optional.empty(), Optional.of(most)));
    }
    String low = text.substring(0, dots).strip();
    String high = text.substring(dots + RANGE.length()).strip();
    Matcher end = AMOUNT.matcher(high);
    String currency =
        end.matches() && end.group(2) != null
            ? SIGNS.getOrDefault(end.group(2), end.group(2))
            : usual;
    Optional<Money> least = money(low, currency);
    Optional<Money> most = money(high, currency);
    boolean openEnd = end.matches() && end.group(1) == null;
    boolean wrong =
        (least.isEmpty() && !low.isEmpty())
            || (most.isEmpty() && !openEnd)
            || (least.isEmpty() && most.isEmpty());
    return wrong || !ordered(least, most) ? Optional.empty() : Optional.of(new Band(least, most));
  }

  private static boolean ordered(Optional<Money> least, Optional<Money> most) {
    return least.isEmpty()
        || most.isEmpty()
        || (least.get().isComparableWith(most.get()) && least.get().compareTo(most.get()) <= 0);
  }

  /** As in {@code 30 min}, {@code 2h}; from a minute to a month. */
  static Optional<Duration> duration(String text) {
    Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    Duration duration =
        switch (matcher.group(2).charAt(0)) {
          case 's' -> Duration.ofSeconds(count);
          case 'm' -> Duration.ofMinutes(count);
          case 'h' -> Duration.ofHours(count);
          case 'd' -> Duration.ofDays(count);
          default -> throw new IllegalStateException("a unit that the pattern does not have");
        };
    return Optional.of(duration)
        .filter(it -> it.compareTo(Duration.ofMinutes(1)) >= 0)
        .filter(it -> it.compareTo(Duration.ofDays(31)) <= 0);
  }

  /** As in {@code 22:00}. */
  static Optional<LocalTime> time(String text) {
    try {
      return Optional.of(LocalTime.parse(text.length() == 4 ? "0" + text : text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** As in {@code 22:00-07:00}. */
  static Optional<Calm.Quiet> hours(String text) {
    List<Optional<LocalTime>> ends =
        Arrays.stream(text.split("-", -1)).map(String::strip).map(Values::time).toList();
    return ends.size() == 2 && ends.stream().allMatch(Optional::isPresent)
        ? Optional.of(new Calm.Quiet(ends.getFirst().get(), ends.getLast().get()))
            .filter(hours -> !hours.from().equals(hours.to()))
        : Optional.empty();
  }

  /** As in {@code Europe/Berlin}. */
  static Optional<ZoneId> zone(String text) {
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** As in {@code DE}: two letters of ISO 3166 that are in use. */
  static Optional<String> country(String text) {
    String code = text.toUpperCase(Locale.ROOT);
    return Locale.getISOCountries(Locale.IsoCountryCode.PART1_ALPHA2).contains(code)
        ? Optional.of(code)
        : Optional.empty();
  }

  /** As in {@code EUR}: three letters of ISO 4217. */
  static Optional<String> currency(String text) {
    String code = text.toUpperCase(Locale.ROOT);
    return Currency.getAvailableCurrencies().stream()
        .map(Currency::getCurrencyCode)
        .filter(code::equals)
        .findFirst();
  }
}
