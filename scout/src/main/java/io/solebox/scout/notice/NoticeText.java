package io.solebox.scout.notice;

import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.judge.Judgement;
import io.solebox.scout.judge.Standing;
import io.solebox.scout.notice.Block.Line;
import io.solebox.scout.story.Happening;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** News in words, the same for all channels. */
public final class NoticeText {
  private static final int MOST_TITLE = 200;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", Locale.ROOT);

  private final ZoneId zone;

  /**
   * @param zone in which times are said
   */
  public NoticeText(ZoneId zone) {
    this.zone = zone;
  }

  public Block of(Told told) {
    return switch (told) {
      case Word word ->
          new Block(word.title(), Optional.empty(), List.of(new Line("", word.text())));
      case Notice notice -> notice(notice);
    };
  }

  private Block notice(Notice notice) {
    Sighting thing = notice.event().sighting();
    Judgement judgement = notice.judgement();
    List<Line> lines = new ArrayList<>();
    lines.add(new Line("Price", price(thing)));
    notice.event().before().ifPresent(was -> lines.add(new Line("Before", before(was, thing))));
    judgement.card().ifPresent(card -> lines.add(new Line("Card", card(card))));
    judgement
        .perUnit()
        .ifPresent(unit -> lines.add(new Line("Per card", perUnit(unit, judgement))));
    judgement
        .standing()
        .ifPresent(one -> lines.add(new Line("Standing", standing(one, judgement))));
    judgement
        .card()
        .flatMap(_ -> judgement.noStanding())
        .ifPresent(reason -> lines.add(new Line("Standing", reason)));
    judgement.suspicions().forEach(one -> lines.add(new Line("Beware", one.reason())));
    judgement.outlook().forEach(one -> lines.add(new Line(one.label(), one.value())));
    lines.add(new Line("Where", where(thing)));
    lines.add(new Line("Watch", notice.watch()));
    return new Block(
        label(notice.event().happening()) + ": " + Cut.to(thing.title(), MOST_TITLE),
        Optional.of(thing.page()).filter(NoticeText::isOfTheWeb),
        lines);
  }

  /** How people call what happened. */
  public static String label(Happening happening) {
    return switch (happening) {
      case NEW -> "New";
      case PRICE_DROP -> "Cheaper";
      case ENDING -> "Ends soon";
      case BACK -> "Back";
    };
  }

  /** No other address is made into a link. */
  private static boolean isOfTheWeb(URI page) {
    return ("https".equalsIgnoreCase(page.getScheme()) || "http".equalsIgnoreCase(page.getScheme()))
        && page.getHost() != null;
  }

  private String price(Sighting thing) {
    String asked =
        switch (thing.sale()) {
          case Sale.Fixed(Money price, boolean offers) -> price + (offers ? " or an offer" : "");
          case Sale.Auction(Money bid, int bids, Instant ends, Optional<Money> buyNow) ->
              "auction at %s after %s, ends %s%s"
                  .formatted(
                      bid,
                      bids == 1 ? "1 bid" : bids + " bids",
                      TIME.format(ends.atZone(zone)),
                      buyNow.map(now -> ", or " + now + " at once").orElse(""));
          case Sale.Unpriced _ -> "not said";
        };
    return asked
        + thing.shown().map(shown -> " (shown as " + shown + ")").orElse("")
        + shipping(thing);
  }

  private static String shipping(Sighting thing) {
    return switch (thing.shipping()) {
      case Shipping.Costs(Money money) ->
          money.amount().signum() == 0 ? ", shipped free" : ", plus " + money + " for shipping";
      case Shipping.Calculated _ -> ", plus shipping";
      case Shipping.None _ -> ", not shipped";
      case Shipping.Unknown _ -> "";
    };
  }

  private static String before(Money before, Sighting thing) {
    return before
        + thing
            .sale()
            .asked()
            .filter(now -> now.isComparableWith(before) && before.amount().signum() > 0)
            .map(now -> " (" + against(now, before) + ")")
            .orElse("");
  }

  /** As in {@code 13 % less}. */
  private static String against(Money now, Money before) {
    BigDecimal percent =
        now.amount()
            .subtract(before.amount())
            .multiply(BigDecimal.valueOf(100))
            .divide(before.amount(), 0, RoundingMode.HALF_UP);
    return percent.signum() == 0
        ? "about the same"
        : percent.abs().toPlainString() + " % " + (percent.signum() < 0 ? "less" : "more");
  }

  private static String card(CardMatch card) {
    return card.units() == 1 ? card.card() : card.units() + " x " + card.card();
  }

  private static String perUnit(Money unit, Judgement judgement) {
    return rounded(unit)
        + judgement.perGigabyte().map(one -> ", " + rounded(one) + " per GB").orElse("")
        + judgement.perBandwidth().map(one -> ", " + rounded(one) + " per GB/s").orElse("");
  }

  /** What was divided has more digits than anybody reads. */
  private static String rounded(Money money) {
    return money.amount().setScale(2, RoundingMode.HALF_UP).toPlainString()
        + " "
        + money.currency();
  }

  private static String standing(Standing standing, Judgement judgement) {
    String median =
        "the median of %s seen, %s"
            .formatted(
                standing.seen() == 1 ? "1 price" : standing.seen() + " prices",
                rounded(standing.median()));
    return judgement
        .perUnit()
        .filter(unit -> unit.isComparableWith(standing.median()))
        .filter(_ -> standing.median().amount().signum() > 0)
        .map(unit -> against(unit, standing.median()) + " than " + median)
        .map(text -> text.replace("about the same than", "about"))
        .orElse(median);
  }

  private static String where(Sighting thing) {
    List<String> parts = new ArrayList<>();
    parts.add(thing.site());
    thing.country().ifPresent(country -> parts.add("in " + country));
    if (thing.condition() != Condition.UNKNOWN) {
      parts.add(condition(thing.condition()));
    }
    thing.seller().map(NoticeText::seller).filter(text -> !text.isEmpty()).ifPresent(parts::add);
    return String.join(", ", parts);
  }

  private static String condition(Condition condition) {
    return switch (condition) {
      case NEW -> "new";
      case REFURBISHED -> "refurbished";
      case USED -> "used";
      case FOR_PARTS -> "for parts";
      case UNKNOWN -> "condition not said";
    };
  }

  private static String seller(Seller seller) {
    String percent =
        seller.positivePercent().isPresent()
            ? " with %s %%"
                .formatted(
                    BigDecimal.valueOf(seller.positivePercent().getAsDouble())
                        .stripTrailingZeros()
                        .toPlainString())
            : "";
    return seller.score().isPresent()
        ? "seller rated %d times%s".formatted(seller.score().getAsInt(), percent)
        : "";
  }
}
