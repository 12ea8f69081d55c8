package io.solebox.scout.settings;

import io.solebox.scout.item.Money;
import io.solebox.scout.story.Happening;
import io.solebox.scout.text.Term;
import io.solebox.scout.text.Text;
import io.solebox.scout.watch.Matcher;
import io.solebox.scout.watch.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a watch asks for that can never be, though each of its words means something. */
public final class WatchAdvice {
  private WatchAdvice() {}

  /** Sentences; empty where nothing is wrong. */
  public static List<String> of(Watch watch, ScoutSettings settings) {
    try {
      Matcher.of(watch);
    } catch (IllegalArgumentException e) {
      return List.of("It cannot be used: " + e.getMessage() + ".");
    }
    List<String> advice = new ArrayList<>(words(watch));
    advice.addAll(prices(watch));
    if (watch.sales().equals(Set.of(Watch.Kind.AUCTION))
        && watch.tell().equals(Set.of(Happening.PRICE_DROP))) {
      advice.add("It tells nothing: bids of auctions are no price drops.");
    }
    if (!watch.sales().isEmpty()
        && !watch.sales().contains(Watch.Kind.AUCTION)
        && watch.tell().equals(Set.of(Happening.ENDING))) {
      advice.add("It tells nothing: only auctions end.");
    }
    if (settings.channels().isEmpty()) {
      advice.add("Nobody is told of it but whoever looks at the page: there is no [[channel]].");
    }
    if (settings.ebay().isEmpty() && settings.feeds().isEmpty() && settings.shops().isEmpty()) {
      advice.add("It finds nothing: there is no [ebay], [[feed]] or [[shop]].");
    }
    return advice;
  }

  private static List<String> words(Watch watch) {
    List<String> advice = new ArrayList<>();
    for (String wanted : watch.all()) {
      excluder(watch, wanted)
          .ifPresent(
              it ->
                  advice.add(
                      "It matches nothing: all wants '%s', which none forbids by '%s'."
                          .formatted(wanted, it)));
    }
    long forbidden = watch.any().stream().filter(it -> excluder(watch, it).isPresent()).count();
    boolean others = !watch.partNumbers().isEmpty() || !watch.cards().isEmpty();
    if (forbidden > 0 && forbidden == watch.any().size() && !others) {
      advice.add("It matches nothing: none forbids each of the words of any.");
    } else {
      watch
          .any()
          .forEach(
              wanted ->
                  excluder(watch, wanted)
                      .ifPresent(
                          it ->
                              advice.add(
                                  "'%s' of any is of no use: none forbids it by '%s'."
                                      .formatted(wanted, it))));
    }
    return advice;
  }

  private static Optional<String> excluder(Watch watch, String wanted) {
    Text text = Text.of(wanted.replaceAll("[\"*~]", " "));
    return watch.none().stream().filter(it -> Term.of(it).in(text)).findFirst();
  }

  private static List<String> prices(Watch watch) {
    Optional<Money> least = watch.price().flatMap(Watch.Band::least);
    Optional<Money> unit = watch.perUnit();
    boolean above =
        least.isPresent()
            && unit.isPresent()
            && least.get().isComparableWith(unit.get())
            && least.get().compareTo(unit.get()) > 0;
    return above
        ? List.of(
            "It matches lots alone: the whole is to cost at least %s, and one at most %s."
                .formatted(least.get(), unit.get()))
        : List.of();
  }
}
