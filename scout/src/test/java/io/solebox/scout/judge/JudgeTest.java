package io.solebox.scout.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.card.CardMatch;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of single things. */
class JudgeTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
  private static final String CARD = "V100-SXM2-32GB";
  private static final Optional<CardMatch> ONE = Optional.of(new CardMatch(CARD, 1, "its title"));

  @TempDir private Path folder;

  private Database database;
  private Judge judge;
  private int things;

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve("scout.db"));
    judge = new Judge(database, Outlooks.NONE);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Seller seller(String key, int score, double percent) {
    return new Seller(key, OptionalInt.of(score), OptionalDouble.of(percent));
  }

  private static Sale fixed(String amount) {
    return new Sale.Fixed(Money.of(amount, "EUR"), false);
  }

  /** Of another thing each time. */
  private Sighting seen(
      String title, Sale sale, Condition condition, Shipping shipping, Seller seller) {
    return new Sighting(
        new ItemKey("ebay", "thing" + things++),
        "EBAY_DE",
        Optional.empty(),
        NOW,
        title,
        URI.create("https://example.org/itm/1"),
        Optional.of(URI.create("https://i.example.org/images/g/" + seller.key() + "/s-l225.jpg")),
        sale,
        Optional.empty(),
        shipping,
        condition,
        Optional.of(seller),
        Optional.of("DE"),
        Map.of(),
        Optional.empty());
  }

  private Sighting seen(Sale sale) {
    return seen(
        "NVIDIA Tesla V100 SXM2 32GB",
        sale,
        Condition.USED,
        new Shipping.Unknown(),
        seller("usual" + things, 500, 99.5));
  }

  private Judgement remembered(Sighting sighting, Optional<CardMatch> card) {
    Judgement judgement = judge.judge(sighting, card);
    database.transaction(
        sql -> {
          judge.remember(sql, sighting, judgement);
          return null;
        });
    return judgement;
  }

  private void tenAround450() {
    for (int i = 0; i < 10; i++) {
      remembered(seen(fixed("" + (405 + 10 * i))), ONE);
    }
  }

  private static List<String> codes(Judgement judgement) {
    return judgement.suspicions().stream().map(Suspicion::code).toList();
  }

  @Test
  void divides() {
    Judgement lot =
        judge.judge(seen(fixed("1600")), Optional.of(new CardMatch(CARD, 4, "a lot of 4")));
    assertEquals("400.00 EUR", lot.perUnit().orElseThrow().toString());
    assertEquals("12.50 EUR", lot.perGigabyte().orElseThrow().toString());
    assertEquals("0.445 EUR", lot.perBandwidth().orElseThrow().toString());
    Judgement bid =
        judge.judge(
            seen(
                new Sale.Auction(Money.of("320", "EUR"), 4, NOW.plusSeconds(60), Optional.empty())),
            ONE);
    assertEquals("10.00 EUR", bid.perGigabyte().orElseThrow().toString());
    Judgement other = judge.judge(seen(fixed("20")), Optional.empty());
    assertEquals(Optional.empty(), other.perUnit());
    assertEquals("It is no card that is known.", other.noStanding().orElseThrow());
  }

  @Test
  void standsAgainstWhatWasAsked() {
    assertEquals(
        "Too few prices: 0 of V100-SXM2-32GB were seen in EUR, and 8 are needed.",
        judge.judge(seen(fixed("450")), ONE).noStanding().orElseThrow());
    tenAround450();
    Standing usual = judge.judge(seen(fixed("445")), ONE).standing().orElseThrow();
    assertEquals("445.00 EUR", usual.median().toString());
    assertEquals(0, usual.score(), 0.01);
    assertEquals(10, usual.seen());
    Standing dear = judge.judge(seen(fixed("900")), ONE).standing().orElseThrow();
    assertTrue(dear.score() > 5);
    // a lot is worth what its cards are
    Standing lot =
        judge
            .judge(seen(fixed("1780")), Optional.of(new CardMatch(CARD, 4, "a lot of 4")))
            .standing()
            .orElseThrow();
    assertEquals(0, lot.score(), 0.01);
    // what is asked in dollars is another matter
    Sighting dollars = seen(new Sale.Fixed(Money.of("445", "USD"), false));
    assertTrue(judge.judge(dollars, ONE).noStanding().orElseThrow().contains("in USD"));
  }

  @Test
  void lowIsSuspiciousOnlyWhereItIsAsked() {
    tenAround450();
    Judgement low = judge.judge(seen(fixed("99")), ONE);
    assertEquals(List.of("PRICE_FAR_BELOW"), codes(low));
    assertEquals(
        "99 EUR is 22 % of the usual 445.00 EUR (10 prices seen," + " 22.0 deviations below).",
        low.suspicions().getFirst().reason().replace("99.00", "99"));
    assertEquals(List.of(), codes(judge.judge(seen(fixed("330")), ONE)));
    Sale bid = new Sale.Auction(Money.of("9", "EUR"), 1, NOW.plusSeconds(60), Optional.empty());
    assertEquals(List.of(), codes(judge.judge(seen(bid), ONE)));
    Sighting parts =
        seen(
            "Tesla V100 32GB for parts",
            fixed("60"),
            Condition.FOR_PARTS,
            new Shipping.Unknown(),
            seller("a", 500, 99));
    Judgement broken = judge.judge(parts, ONE);
    assertEquals(List.of(), codes(broken));
    assertTrue(broken.noStanding().orElseThrow().startsWith("It is for parts"));
  }

  @Test
  void saysWhatIsOddOfSellersAndShipping() {
    tenAround450();
    Shipping free = new Shipping.Costs(Money.of("0", "EUR"));
    Shipping dear = new Shipping.Costs(Money.of("500", "EUR"));
    String title = "NVIDIA Tesla V100 SXM2 32GB";
    assertEquals(
        List.of("PRICE_FAR_BELOW", "NEW_SELLER", "SHIPPING_TOO_GOOD"),
        codes(
            judge.judge(seen(title, fixed("80"), Condition.NEW, free, seller("n", 0, 100)), ONE)));
    assertEquals(
        List.of("LOW_RATING"),
        codes(
            judge.judge(
                seen(title, fixed("440"), Condition.USED, free, seller("l", 80, 91.2)), ONE)));
    assertEquals(
        List.of("SHIPPING_DEAR"),
        codes(
            judge.judge(
                seen(title, fixed("430"), Condition.USED, dear, seller("d", 80, 99)), ONE)));
    Sale one = new Sale.Fixed(Money.of("1.00", "EUR"), true);
    assertTrue(codes(judge.judge(seen(one), ONE)).contains("PLACEHOLDER_PRICE"));
  }

  /** What is no price of a card moves no median. */
  @Test
  void countsOnlyWhatSuchCardsCost() {
    tenAround450();
    Seller usual = seller("u", 500, 99);
    Shipping unknown = new Shipping.Unknown();
    for (int i = 0; i < 40; i++) {
      remembered(
          seen("Tesla V100 32GB box only", fixed("1" + i), Condition.USED, unknown, usual), ONE);
      remembered(seen("Tesla V100 64GB", fixed("9" + i), Condition.USED, unknown, usual), ONE);
      remembered(seen(new Sale.Fixed(Money.of("1", "EUR"), true)), ONE);
      Sale bid =
          new Sale.Auction(Money.of("5" + i, "EUR"), 1, NOW.plusSeconds(60), Optional.empty());
      remembered(seen(bid), ONE);
    }
    Standing standing = judge.judge(seen(fixed("445")), ONE).standing().orElseThrow();
    assertEquals(10, standing.seen());
    // but a market that falls is followed
    for (int i = 0; i < 40; i++) {
      remembered(seen(fixed("120")), ONE);
    }
    Judgement now = judge.judge(seen(fixed("120")), ONE);
    assertTrue(now.standing().orElseThrow().seen() >= 48); // the last few are not read at once
    assertFalse(codes(now).contains("PRICE_FAR_BELOW"));
  }

  @Test
  void onePictureOfSeveralSellers() {
    Seller first = seller("one", 500, 99);
    Seller second = seller("two", 500, 99);
    Sighting original =
        seen(
            "NVIDIA Tesla V100 SXM2 32GB",
            fixed("450"),
            Condition.USED,
            new Shipping.Unknown(),
            first);
    remembered(original, ONE);
    assertEquals(List.of(), codes(remembered(original, ONE)));
    Sighting copy = withPicture(original, second, "thumbs/images/g/one/s-l1600.webp");
    assertEquals(
        "Another seller has shown the same picture.",
        judge.judge(copy, ONE).suspicions().getFirst().reason());
    remembered(copy, ONE);
    // the first is told of the second now, and other pictures of nobody
    assertEquals(List.of("PICTURE_REUSED"), codes(judge.judge(original, ONE)));
    Sighting own = withPicture(original, second, "images/g/two/s-l225.jpg");
    assertEquals(List.of(), codes(judge.judge(own, ONE)));
  }

  private static Sighting withPicture(Sighting like, Seller seller, String path) {
    return new Sighting(
        new ItemKey("ebay", path),
        like.site(),
        like.group(),
        like.seen(),
        like.title(),
        like.page(),
        Optional.of(URI.create("https://i.example.org/" + path)),
        like.sale(),
        like.shown(),
        like.shipping(),
        like.condition(),
        Optional.of(seller),
        like.country(),
        like.aspects(),
        like.listed());
  }

  /** Nothing of a listing is in the file but numbers. */
  @Test
  void keepsNoListing() {
    tenAround450();
    List<String> texts =
        database.read(
            sql ->
                sql.list(
                    row -> row.getString(1) + row.getString(2),
                    "SELECT card, currency FROM asking_price"));
    assertTrue(texts.stream().allMatch((CARD + "EUR")::equals));
  }

  @Test
  void isReadOnceWhereNothingIsNew() {
    var counted = new CountedReads(database);
    judge = new Judge(counted, Outlooks.NONE);
    tenAround450();
    Sighting again = seen(fixed("450"));
    remembered(again, ONE);
    judge.judge(again, ONE);
    int before = counted.reads();
    for (int i = 0; i < 100; i++) {
      remembered(again, ONE);
    }
    assertEquals(before, counted.reads());
    // and of each new thing its picture alone, but for prices when a twentieth more is there
    for (int i = 0; i < 100; i++) {
      remembered(seen(fixed("450")), ONE);
    }
    assertTrue(counted.reads() - before <= 160, counted.reads() - before + " reads");
  }

  @Test
  void whatIsUndoneIsShownAgain() {
    Sighting first = seen(fixed("450"));
    Judgement judgement = judge.judge(first, ONE);
    try {
      database.transaction(
          sql -> {
            judge.remember(sql, first, judgement);
            throw new IllegalStateException("undone");
          });
    } catch (IllegalStateException _) {
      // what was to happen
    }
    remembered(first, ONE);
    Sighting copy =
        withPicture(
            first, seller("two", 500, 99), first.image().orElseThrow().getPath().substring(1));
    assertEquals(List.of("PICTURE_REUSED"), codes(judge.judge(copy, ONE)));
  }

  @Test
  void pickupAtAPriceFarBelowIsOdd() {
    tenAround450();
    Sighting fetched =
        seen(
            "NVIDIA Tesla V100 SXM2 32GB",
            fixed("80"),
            Condition.USED,
            new Shipping.None(),
            seller("p", 80, 99));
    assertEquals(List.of("PRICE_FAR_BELOW", "PICKUP_TOO_GOOD"), codes(judge.judge(fetched, ONE)));
  }
}
