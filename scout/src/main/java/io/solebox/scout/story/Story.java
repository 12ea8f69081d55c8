package io.solebox.scout.story;

import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sighting adds to what is remembered of a thing, and what of that is news. Nothing else is
 * known here: no clock, no state.
 *
 * <p>A price is news only in the seller's own currency, and only where it is lower by a hundredth
 * or more than the lowest before: a price that goes up and down again is told once, and many small
 * steps are told when they have added up. What others bid in an auction is no price.
 */
public final class Story {
  /** So long before its end an auction is told of. */
  public static final Duration ENDING = Duration.ofHours(2);

  private static final BigDecimal NEWS = new BigDecimal("0.99");

  private Story() {}

  /** What is remembered from now on, and what has happened, in its order. */
  public record Next(Item item, List<Event> events) {}

  /**
   * Adds a sighting.
   *
   * @param before what was remembered of it
   * @param like what is remembered of another that is gone and was like it, where it was not seen
   *     before: that one again, relisted
   */
  public static Next of(Optional<Item> before, Optional<Item> like, Sighting seen) {
    List<Event> events = new ArrayList<>();
    Item item;
    if (before.isEmpty() && like.isEmpty()) {
      item = fresh(seen);
      events.add(event(Happening.NEW, seen, Optional.empty(), 1));
    } else {
      item = before.or(() -> like).orElseThrow();
      if (item.gone().isPresent()) {
        item = item.backAgain();
        events.add(event(Happening.BACK, seen, item.asked(), item.backs()));
        item = withPrice(item, seen);
      } else {
        item = priced(item, seen, events);
      }
    }
    item = item.seenAt(seen.seen());
    if (endsSoon(seen) && !item.endingTold()) {
      item = item.told();
      events.add(event(Happening.ENDING, seen, Optional.empty(), item.backs() + 1));
    }
    return new Next(item, List.copyOf(events));
  }

  private static Item fresh(Sighting seen) {
    Optional<Money> price = price(seen);
    return new Item(seen.seen(), seen.seen(), Optional.empty(), price, price, 0, 0, false);
  }

  /** That a thing is new, to somebody who was not told of it before: the same event as then. */
  public static Event toldLater(Sighting seen) {
    return event(Happening.NEW, seen, Optional.empty(), 1);
  }

  private static Event event(
      Happening happening, Sighting seen, Optional<Money> before, int count) {
    return new Event(happening, seen, before, count, seen.seen());
  }

  private static boolean endsSoon(Sighting seen) {
    return seen.sale() instanceof Sale.Auction auction
        && auction.ends().isAfter(seen.seen())
        && !auction.ends().isAfter(seen.seen().plus(ENDING));
  }

  /** What its seller asks, which a bid is not. */
  private static Optional<Money> price(Sighting seen) {
    return switch (seen.sale()) {
      case Sale.Fixed(Money price, _) -> Optional.of(price);
      case Sale.Auction(_, _, _, Optional<Money> buyNow) -> buyNow;
      case Sale.Unpriced _ -> Optional.empty();
    };
  }

  private static Item priced(Item item, Sighting seen, List<Event> events) {
    Optional<Money> price = price(seen);
    Optional<Money> lowest = item.lowest();
    if (price.isPresent()
        && lowest.filter(price.get()::isComparableWith).isPresent()
        && isNews(price.get(), lowest.get())) {
      Item dropped = item.dropped();
      events.add(event(Happening.PRICE_DROP, seen, item.asked(), dropped.drops()));
      return dropped.priced(price.get(), price.get());
    }
    return withPrice(item, seen);
  }

  private static boolean isNews(Money price, Money lowest) {
    return price.amount().compareTo(lowest.amount().multiply(NEWS)) <= 0
        && price.amount().compareTo(lowest.amount()) < 0;
  }

  /**
   * Its price as it is now, without news. One in another currency counts where the site says that
   * it has worked out its own from it: the currency before was then a site's and not the seller's.
   */
  private static Item withPrice(Item item, Sighting seen) {
    Optional<Money> price = price(seen);
    if (price.isEmpty()) {
      return item;
    }
    Money now = price.get();
    if (item.lowest().isEmpty()) {
      return item.priced(now, now);
    }
    if (item.lowest().get().isComparableWith(now)) {
      return item.priced(now, item.lowest().get());
    }
    return seen.shown().isPresent() ? item.priced(now, now) : item;
  }
}
