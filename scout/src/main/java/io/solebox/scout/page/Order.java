package io.solebox.scout.page;

import io.solebox.scout.item.Money;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Sorts things. What is not known comes last. */
final class Order {
  private static final Comparator<Thing> NEWEST = Comparator.comparing(Thing::firstSeen).reversed();

  private Order() {}

  static Comparator<Thing> of(Question.Sort sort, List<Thing> things) {
    return switch (sort) {
      case NEWEST -> NEWEST;
      case PRICE -> byMoney(Thing::unitPrice, things);
      case PER_GIGABYTE -> byMoney(thing -> thing.judgement().perGigabyte(), things);
      case PER_BANDWIDTH -> byMoney(thing -> thing.judgement().perBandwidth(), things);
      case STANDING ->
          Comparator.<Thing>comparingDouble(
                  thing ->
                      thing
                          .judgement()
                          .standing()
                          .map(standing -> standing.score())
                          .orElse(Double.POSITIVE_INFINITY))
              .thenComparing(NEWEST);
      case ENDING ->
          Comparator.<Thing, Instant>comparing(thing -> thing.ends().orElse(Instant.MAX))
              .thenComparing(NEWEST);
    };
  }

  /** Amounts of two currencies are not compared: the one of which there is most comes first. */
  private static Comparator<Thing> byMoney(
      Function<Thing, Optional<Money>> money, List<Thing> things) {
    Map<String, Integer> counts = new HashMap<>();
    things.forEach(
        thing -> money.apply(thing).ifPresent(is -> counts.merge(is.currency(), 1, Integer::sum)));
    Comparator<Money> order =
        Comparator.<Money>comparingInt(is -> -counts.get(is.currency()))
            .thenComparing(Money::currency)
            .thenComparing(Money::amount);
    return Comparator.<Thing, Optional<Money>>comparing(money, emptyLast(order))
        .thenComparing(NEWEST);
  }

  private static <T> Comparator<Optional<T>> emptyLast(Comparator<T> order) {
    return (a, b) ->
        a.isEmpty() || b.isEmpty()
            ? Boolean.compare(a.isEmpty(), b.isEmpty())
            : order.compare(a.get(), b.get());
  }
}
