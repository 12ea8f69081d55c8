package io.solebox.scout.judge;

import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.PartTable;
import io.solebox.hardware.table.PartTable.Found;
import io.solebox.scout.card.CardMatch;
import io.solebox.scout.card.UnitPrices;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says what the scout makes of things: what they cost for what they are, how that stands against
 * what others ask, what is odd about them, and what they would do.
 */
public final class Judge {
  /** Fewer say little of what is usual. */
  private static final int LEAST_PRICES = 8;

  private final PartTable cards = PartTable.cards();
  private final Map<String, Optional<Part>> parts = new ConcurrentHashMap<>();
  private final AskingPrices prices;
  private final Pictures pictures;
  private final Suspicions suspicions;
  private final Outlooks outlooks;

  /**
   * @param database with the tables of the scout
   * @param outlooks what the planner says; {@link Outlooks#NONE} for nothing
   */
  public Judge(Database database, Outlooks outlooks) {
    this.prices = new AskingPrices(database);
    this.pictures = new Pictures(database);
    this.suspicions = new Suspicions();
    this.outlooks = outlooks;
  }

  /**
   * @param card which it is; empty for what is none
   */
  public Judgement judge(Sighting sighting, Optional<CardMatch> card) {
    Optional<Part> part = card.flatMap(each -> part(each.card()));
    Optional<UnitPrices> each =
        part.flatMap(
            of ->
                sighting
                    .sale()
                    .asked()
                    .map(all -> UnitPrices.of(all, card.orElseThrow().units(), of)));
    Optional<Money> perUnit = each.map(UnitPrices::perUnit);
    Stand stand = stand(sighting, card, perUnit);
    return new Judgement(
        card,
        perUnit,
        each.map(UnitPrices::perGigabyte),
        each.map(UnitPrices::perBandwidth),
        stand.standing(),
        stand.without(),
        suspicions.of(
            new Suspicions.Case(
                sighting,
                card,
                perUnit,
                stand.standing(),
                pictures.others(sighting, day(sighting)))),
        part.isPresent() && perUnit.isPresent()
            ? outlooks.of(part.get(), perUnit.get())
            : List.of());
  }

  /** A standing, or why there is none. */
  private record Stand(Optional<Standing> standing, Optional<String> without) {
    static Stand none(String why) {
      return new Stand(Optional.empty(), Optional.of(why));
    }
  }

  private Stand stand(Sighting sighting, Optional<CardMatch> card, Optional<Money> perUnit) {
    if (card.isEmpty()) {
      return Stand.none("It is no card that is known.");
    }
    if (perUnit.isEmpty() || perUnit.get().amount().signum() == 0) {
      return Stand.none("No price is asked.");
    }
    if (sighting.condition() == Condition.FOR_PARTS) {
      return Stand.none("It is for parts, and the prices that were seen are of cards that work.");
    }
    Money price = perUnit.get();
    var series = new AskingPrices.Series(card.get().card(), price.currency());
    Optional<Spread> usual = prices.usual(series, day(sighting));
    long seen = usual.map(Spread::seen).orElse(0L);
    if (seen < LEAST_PRICES) {
      return Stand.none(
          "Too few prices: %d of %s were seen in %s, and %d are needed."
              .formatted(seen, series.card(), series.currency(), LEAST_PRICES));
    }
    Spread spread = usual.orElseThrow();
    return new Stand(
        Optional.of(
            new Standing(
                spread.score(price),
                spread.median(),
                (int) Math.min(Integer.MAX_VALUE, spread.seen()))),
        Optional.empty());
  }

  /**
   * Remembers what later things are judged by: what is asked for a card, and its picture. To be
   * called of all that is seen, also what nobody wants; the same thing may come again.
   *
   * @param judgement of it
   */
  public void remember(Sql sql, Sighting sighting, Judgement judgement) throws SQLException {
    LocalDate day = day(sighting);
    pictures.note(sql, sighting, day);
    if (isAsked(sighting.sale())
        && sighting.condition() != Condition.FOR_PARTS
        && suspicions.pricesCount(judgement.suspicions())
        && judgement.card().isPresent()
        && judgement.perUnit().isPresent()) {
      prices.note(
          sql, judgement.card().get().card(), judgement.perUnit().get(), day, hash(sighting.key()));
    }
  }

  /** What others bid, and where bidding begins, is not what somebody asks. */
  private static boolean isAsked(Sale sale) {
    return switch (sale) {
      case Sale.Fixed _ -> true;
      case Sale.Auction(_, _, _, Optional<Money> buyNow) -> buyNow.isPresent();
      case Sale.Unpriced _ -> false;
    };
  }

  private static String hash(ItemKey key) {
    return Long.toHexString(Marks.of(key.market(), key.id(), key.variation()));
  }

  private static LocalDate day(Sighting sighting) {
    return LocalDate.ofInstant(sighting.seen(), ZoneOffset.UTC);
  }

  private Optional<Part> part(String card) {
    return parts.computeIfAbsent(
        card,
        name ->
            switch (cards.find(name)) {
              case Found.One(Part part) -> Optional.of(part);
              case Found.Several _, Found.Unknown _ -> Optional.empty();
            });
  }
}
