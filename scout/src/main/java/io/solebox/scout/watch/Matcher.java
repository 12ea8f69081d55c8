package io.solebox.scout.watch;

import io.solebox.hardware.table.PartTable;
import io.solebox.scout.card.CardMatch;
import io.solebox.scout.card.Reading;
import io.solebox.scout.card.UnitPrices;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.text.PartNumber;
import io.solebox.scout.text.Term;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Whether one watch wants a thing. What a source does not say, as a seller's score or the price of
 * a post in a forum, leaves nothing out: people see it, and can ask.
 */
public final class Matcher {
  private final Watch watch;
  private final List<Term> any;
  private final List<Term> all;
  private final List<Term> none;
  private final List<PartNumber> partNumbers;
  private final Set<String> cards;

  private Matcher(Watch watch) {
    this.watch = watch;
    any = watch.any().stream().map(Term::of).toList();
    all = watch.all().stream().map(Term::of).toList();
    none = watch.none().stream().map(Term::of).toList();
    partNumbers = watch.partNumbers().stream().map(PartNumber::of).toList();
    cards =
        watch.cards().stream()
            .flatMap(each -> keys(each).stream())
            .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * Of one watch.
   *
   * @throws IllegalArgumentException if a word of it holds none, or the table has no such card; the
   *     message says so in words
   */
  public static Matcher of(Watch watch) {
    return new Matcher(watch);
  }

  /** The keys of all cards that a name may be: {@code a100 80} is two. */
  private static Set<String> keys(String name) {
    return switch (PartTable.cards().find(name)) {
      case PartTable.Found.One(var part) -> Set.of(part.key());
      case PartTable.Found.Several(var parts) ->
          parts.stream().map(part -> part.key()).collect(Collectors.toSet());
      case PartTable.Found.Unknown(var nearest) ->
          throw new IllegalArgumentException(
              "no card is called '"
                  + name
                  + "'; the nearest are "
                  + nearest.stream().map(part -> part.key()).collect(Collectors.joining(", ")));
    };
  }

  /** The keys of the cards that it looks for. */
  public Set<String> cards() {
    return Set.copyOf(cards);
  }

  /**
   * Why the watch does not want it, in words; empty where it does.
   *
   * @param reading what the rules for cards made of it
   */
  public Optional<String> whyNot(Sighting sighting, Reading reading) {
    return place(sighting)
        .or(() -> words(reading))
        .or(() -> condition(sighting, reading))
        .or(() -> sale(sighting.sale()))
        .or(() -> band(sighting.sale()))
        .or(() -> prices(sighting.sale(), reading))
        .or(() -> sighting.seller().flatMap(this::seller))
        .or(() -> shipping(sighting.shipping()));
  }

  private Optional<String> place(Sighting sighting) {
    return no(
        !watch.sites().isEmpty() && !watch.sites().contains(sighting.site()),
        () -> "it is at " + sighting.site() + ", where the watch does not look");
  }

  private Optional<String> words(Reading reading) {
    for (Term term : none) {
      if (term.in(reading.title())) {
        return Optional.of("its title has what must not be there: " + term);
      }
    }
    for (Term term : all) {
      if (!term.in(reading.title())) {
        return Optional.of("its title has not what must be there: " + term);
      }
    }
    boolean open = any.isEmpty() && partNumbers.isEmpty() && cards.isEmpty();
    return open || isNamed(reading) ? Optional.empty() : Optional.of(unnamed(reading));
  }

  private boolean isNamed(Reading reading) {
    return reading.card().map(CardMatch::card).filter(cards::contains).isPresent()
        || any.stream().anyMatch(term -> term.in(reading.title()))
        || partNumbers.stream()
            .anyMatch(each -> each.in(reading.title()) || each.in(reading.aspects()));
  }

  private String unnamed(Reading reading) {
    if (cards.isEmpty()) {
      return "it has none of the words and part numbers";
    }
    String card =
        reading
            .card()
            .map(match -> "it is another card: " + match.card())
            .orElse("it is no card that is known: " + reading.reason());
    return any.isEmpty() && partNumbers.isEmpty()
        ? card
        : card + "; and it has none of the words and part numbers";
  }

  private Optional<String> condition(Sighting sighting, Reading reading) {
    Condition condition = sighting.condition();
    if (condition == Condition.UNKNOWN) {
      return no(
          reading.forParts() && !watch.conditions().contains(Condition.FOR_PARTS),
          () -> "its title says that it is for parts or does not work");
    }
    if (watch.conditions().isEmpty()) {
      return no(condition == Condition.FOR_PARTS, () -> "it is for parts or does not work");
    }
    return no(
        !watch.conditions().contains(condition), () -> "its condition is " + words(condition));
  }

  private static String words(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private Optional<String> sale(Sale sale) {
    Set<Watch.Kind> kinds =
        switch (sale) {
          case Sale.Fixed(_, boolean offers) ->
              offers
                  ? EnumSet.of(Watch.Kind.FIXED, Watch.Kind.OFFER)
                  : EnumSet.of(Watch.Kind.FIXED);
          case Sale.Auction(_, _, _, Optional<Money> buyNow) ->
              buyNow.isPresent()
                  ? EnumSet.of(Watch.Kind.AUCTION, Watch.Kind.FIXED)
                  : EnumSet.of(Watch.Kind.AUCTION);
          case Sale.Unpriced _ -> EnumSet.allOf(Watch.Kind.class);
        };
    return no(
        !watch.sales().isEmpty() && kinds.stream().noneMatch(watch.sales()::contains),
        () ->
            "it is sold otherwise: "
                + kinds.stream().map(Matcher::words).collect(Collectors.joining(", ")));
  }

  private Optional<String> band(Sale sale) {
    return watch.price().flatMap(band -> sale.asked().flatMap(asked -> outside(band, asked)));
  }

  private static Optional<String> outside(Watch.Band band, Money asked) {
    return band.least()
        .filter(least -> least.isComparableWith(asked) && asked.compareTo(least) < 0)
        .map(least -> asked + " is less than " + least)
        .or(() -> band.most().flatMap(most -> above(asked, most, "")));
  }

  private static Optional<String> above(Money asked, Money most, String unit) {
    return no(
        most.isComparableWith(asked) && asked.compareTo(most) > 0,
        () -> asked + unit + " is more than " + most);
  }

  private Optional<String> prices(Sale sale, Reading reading) {
    Optional<Money> asked = sale.asked();
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    if (reading.prices().isEmpty()) {
      return unknownCard(asked.get(), reading);
    }
    UnitPrices prices = reading.prices().get();
    return watch
        .perUnit()
        .flatMap(most -> above(prices.perUnit(), most, " for one"))
        .or(
            () ->
                watch.perGigabyte().flatMap(most -> above(prices.perGigabyte(), most, " for 1 GB")))
        .or(
            () ->
                watch
                    .perBandwidth()
                    .flatMap(most -> above(prices.perBandwidth(), most, " for 1 GB/s")));
  }

  /** Of what is not known it is not known either what a part of it costs. */
  private Optional<String> unknownCard(Money asked, Reading reading) {
    boolean needsCard = watch.perGigabyte().isPresent() || watch.perBandwidth().isPresent();
    return watch
        .perUnit()
        .flatMap(most -> above(asked, most, ""))
        .or(
            () ->
                no(
                    needsCard,
                    () ->
                        "what 1 GB or 1 GB/s of it costs is not known, since the card is not: "
                            + reading.reason()));
  }

  private Optional<String> seller(Seller seller) {
    if (watch.blockedSellers().contains(seller.key())) {
      return Optional.of("its seller is blocked");
    }
    if (watch.sellerScore().isPresent()
        && seller.score().isPresent()
        && seller.score().getAsInt() < watch.sellerScore().getAsInt()) {
      return Optional.of(
          "its seller's score is "
              + seller.score().getAsInt()
              + ", less than "
              + watch.sellerScore().getAsInt());
    }
    return no(
        watch.sellerPercent().isPresent()
            && seller.positivePercent().isPresent()
            && seller.positivePercent().getAsDouble() < watch.sellerPercent().getAsDouble(),
        () ->
            "too few of its seller's ratings are good: "
                + seller.positivePercent().orElse(0)
                + " of 100");
  }

  private Optional<String> shipping(Shipping shipping) {
    return watch
        .shipsTo()
        .flatMap(
            country -> no(shipping instanceof Shipping.None, () -> "it does not go to " + country));
  }

  private static Optional<String> no(boolean isSo, Supplier<String> reason) {
    return isSo ? Optional.of(reason.get()) : Optional.empty();
  }
}
