package io.solebox.scout.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.card.CardRules;
import io.solebox.scout.card.Reading;
import io.solebox.scout.item.Condition;
import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Seller;
import io.solebox.scout.item.Shipping;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.text.Titles;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MatcherTest {
  private static final CardRules RULES = new CardRules();
  private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");
  private static final Sale FIXED = new Sale.Fixed(Money.of("1000", "EUR"), false);

  /** A watch of which each test says a part. */
  private static final class Wish {
    List<String> any = List.of();
    List<String> all = List.of();
    List<String> none = List.of();
    List<String> parts = List.of();
    List<String> cards = List.of();
    Optional<Watch.Band> price = Optional.empty();
    Optional<Money> perUnit = Optional.empty();
    Optional<Money> perGigabyte = Optional.empty();
    Optional<Money> perBandwidth = Optional.empty();
    Set<Condition> conditions = Set.of();
    Set<Watch.Kind> sales = Set.of();
    OptionalInt score = OptionalInt.empty();
    OptionalDouble percent = OptionalDouble.empty();
    Set<String> blocked = Set.of();
    Optional<String> shipsTo = Optional.empty();
    Set<String> sites = Set.of();

    Matcher matcher() {
      return Matcher.of(
          new Watch(
              "cards",
              any,
              all,
              none,
              parts,
              cards,
              price,
              perUnit,
              perGigabyte,
              perBandwidth,
              conditions,
              sales,
              score,
              percent,
              blocked,
              shipsTo,
              Optional.empty(),
              sites,
              Set.of(),
              Set.of()));
    }

    /** What it says of a thing for which 1000 EUR are asked. */
    String of(String title) {
      return of(title, FIXED);
    }

    String of(String title, Sale sale) {
      return of(seen(title, sale, Condition.USED, new Shipping.Unknown(), Map.of()));
    }

    String of(Sighting sighting) {
      return matcher().whyNot(sighting, RULES.read(sighting)).orElse("wanted");
    }
  }

  private static Sighting seen(
      String title,
      Sale sale,
      Condition condition,
      Shipping shipping,
      Map<String, String> aspects) {
    return new Sighting(
        new ItemKey("ebay", "1"),
        "EBAY_DE",
        Optional.empty(),
        NOW,
        title,
        URI.create("https://example.org/itm/1"),
        Optional.empty(),
        sale,
        Optional.empty(),
        shipping,
        condition,
        Optional.of(new Seller("key", OptionalInt.of(50), OptionalDouble.of(97.5))),
        Optional.of("DE"),
        aspects,
        Optional.empty());
  }

  private static Sighting as(Condition condition) {
    return seen("Tesla P40", FIXED, condition, new Shipping.Unknown(), Map.of());
  }

  private static void says(String expected, String said) {
    assertTrue(said.contains(expected), said);
  }

  @Test
  void whatWishesForNothingGetsAll() {
    assertEquals("wanted", new Wish().of("anything"));
  }

  @Test
  void wordsThatMustAndMustNotBeThere() {
    var wish = new Wish();
    wish.any = List.of("v100", "\"tesla p40\"");
    wish.all = List.of("nvidia~");
    wish.none = List.of("kühl*");
    assertEquals("wanted", wish.of("NVIDIA Tesla P40"));
    assertEquals("wanted", wish.of("nvdia v100"));
    says("none of the words", wish.of("NVIDIA P40 Tesla"));
    says("what must be there: nvidia~", wish.of("Tesla P40"));
    says("what must not be there: kühl*", wish.of("NVIDIA V100 KUHLKÖRPER"));
  }

  @Test
  void partNumbersAndCardsAreAsGoodAsWords() {
    var wish = new Wish();
    wish.any = List.of("accelerator");
    wish.parts = List.of("900-2G503*");
    wish.cards = List.of("v100 sxm2 32", "a100 80");
    assertEquals("wanted", wish.of("an accelerator"));
    assertEquals("wanted", wish.of("module 900-2G503-0000-000"));
    assertEquals("wanted", wish.of("Nvidia V100 SXM2 32GB"));
    assertEquals("wanted", wish.of("Nvidia A100 80GB PCIe"));
    assertEquals("wanted", wish.of("Nvidia A100 80GB SXM4"));
    says("another card: V100-SXM2-16GB", wish.of("Nvidia V100 SXM2 16GB"));
    says("heatsink", wish.of("Nvidia V100 SXM2 32GB heatsink"));
    var aspects = Map.of("MPN", "900-2G503-0000-000");
    assertEquals(
        "wanted", wish.of(seen("board", FIXED, Condition.USED, new Shipping.Unknown(), aspects)));
  }

  @Test
  void cardsThatTheTableHasNotAreNoWishes() {
    var wish = new Wish();
    wish.cards = List.of("V1000");
    says(
        "no card is called 'V1000'",
        assertThrows(IllegalArgumentException.class, wish::matcher).getMessage());
    wish.cards = List.of();
    wish.none = List.of("\" \"");
    assertThrows(IllegalArgumentException.class, wish::matcher);
  }

  @Test
  void bandsAreOfTheirOwnCurrencyAlone() {
    var wish = new Wish();
    wish.price =
        Optional.of(
            new Watch.Band(
                Optional.of(Money.of("50", "EUR")), Optional.of(Money.of("999.99", "EUR"))));
    says("1000 EUR is more than 999.99 EUR", wish.of("P40"));
    says("is less than 50 EUR", wish.of("P40", new Sale.Fixed(Money.of("49", "EUR"), true)));
    assertEquals("wanted", wish.of("P40", new Sale.Fixed(Money.of("500.00", "EUR"), true)));
    assertEquals("wanted", wish.of("P40", new Sale.Fixed(Money.of("5000", "PLN"), true)));
    assertEquals("wanted", wish.of("P40", new Sale.Unpriced()));
  }

  @Test
  void lotsAreDividedAndWhatIsNotKnownHasNoPricePerGigabyte() {
    var wish = new Wish();
    wish.perUnit = Optional.of(Money.of("250", "EUR"));
    assertEquals("wanted", wish.of("4x Nvidia Tesla V100 SXM2 32GB"));
    says("333.33 EUR for one", wish.of("3x Nvidia Tesla V100 SXM2 32GB"));
    says("1000 EUR is more", wish.of("something unknown"));
    wish.perUnit = Optional.empty();
    wish.perGigabyte = Optional.of(Money.of("8", "EUR"));
    assertEquals("wanted", wish.of("4x Nvidia Tesla V100 SXM2 32GB"));
    says("15.63 EUR for 1 GB", wish.of("4x Nvidia Tesla V100 SXM2 16GB"));
    says("the card is not", wish.of("something unknown"));
    wish.perGigabyte = Optional.empty();
    wish.perBandwidth = Optional.of(Money.of("0.3", "EUR"));
    assertEquals("wanted", wish.of("4x Nvidia Tesla V100 SXM2 16GB"));
    says("2.890 EUR for 1 GB/s", wish.of("Nvidia Tesla P40"));
  }

  @Test
  void whatDoesNotWorkIsFoundOnlyWhereItIsNamed() {
    var wish = new Wish();
    assertEquals("wanted", wish.of(as(Condition.NEW)));
    says("for parts", wish.of(as(Condition.FOR_PARTS)));
    wish.conditions = Set.of(Condition.FOR_PARTS);
    assertEquals("wanted", wish.of(as(Condition.FOR_PARTS)));
    says("its condition is used", wish.of(as(Condition.USED)));
    assertEquals("wanted", wish.of(as(Condition.UNKNOWN)));
    wish.conditions = Set.of(Condition.USED);
    var broken = seen("P40 defekt", FIXED, Condition.UNKNOWN, new Shipping.Unknown(), Map.of());
    says("title says", wish.of(broken));
  }

  @Test
  void kindsOfSales() {
    var wish = new Wish();
    wish.sales = Set.of(Watch.Kind.OFFER);
    says("sold otherwise: fixed", wish.of("P40"));
    assertEquals("wanted", wish.of("P40", new Sale.Fixed(Money.of("1", "EUR"), true)));
    var bid = Money.of("1", "EUR");
    says("auction", wish.of("P40", new Sale.Auction(bid, 0, NOW, Optional.empty())));
    wish.sales = Set.of(Watch.Kind.FIXED);
    assertEquals("wanted", wish.of("P40", new Sale.Auction(bid, 0, NOW, Optional.of(bid))));
    assertEquals("wanted", wish.of("P40", new Sale.Unpriced()));
  }

  @Test
  void sellersPlacesAndShipping() {
    var wish = new Wish();
    wish.score = OptionalInt.of(51);
    says("score is 50, less than 51", wish.of("P40"));
    wish.score = OptionalInt.of(50);
    wish.percent = OptionalDouble.of(98);
    says("97.5 of 100", wish.of("P40"));
    wish.percent = OptionalDouble.of(97.5);
    assertEquals("wanted", wish.of("P40"));
    wish.blocked = Set.of("key");
    says("blocked", wish.of("P40"));
    wish.blocked = Set.of();
    wish.sites = Set.of("EBAY_US");
    says("EBAY_DE", wish.of("P40"));
    wish.sites = Set.of("EBAY_DE");
    wish.shipsTo = Optional.of("AT");
    assertEquals("wanted", wish.of("P40"));
    says(
        "does not go to AT",
        wish.of(seen("P40", FIXED, Condition.USED, new Shipping.None(), Map.of())));
  }

  @Test
  void anyTitleIsAnsweredAndCaseAndAccentsMakeNoDifference() {
    var wish = new Wish();
    wish.any = List.of("tesl*", "v100~2", "\"sxm2 32 gb\"");
    wish.cards = List.of("p40", "v100");
    wish.none = List.of("*kühler");
    wish.perUnit = Optional.of(Money.of("400", "EUR"));
    Matcher matcher = wish.matcher();
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      String title = Titles.random(random);
      String plain = said(matcher, title);
      assertEquals(plain, said(matcher, title.toLowerCase(Locale.ROOT)), title);
      assertEquals(plain, said(matcher, Titles.accented(title)), title);
    }
  }

  private static String said(Matcher matcher, String title) {
    Sighting sighting =
        seen(title, FIXED, Condition.UNKNOWN, new Shipping.Unknown(), Map.of("MPN", title));
    Reading reading = RULES.read(sighting);
    return reading.card() + " " + matcher.whyNot(sighting, reading);
  }
}
