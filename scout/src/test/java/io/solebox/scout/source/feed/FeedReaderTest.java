package io.solebox.scout.source.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.item.ItemKey;
import io.solebox.scout.item.Money;
import io.solebox.scout.item.Sale;
import io.solebox.scout.item.Sighting;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeedReaderTest {
  private static final URI FROM = URI.create("https://forum.example/feed");
  private static final Feed FEED =
      new Feed("forum", FROM, Duration.ofMinutes(30), Optional.of("EUR"), Optional.of("DE"));

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = FeedReaderTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }

  private static FeedPage page(String name) throws IOException {
    return FeedReader.read(Decoding.text(resource(name), Optional.empty()));
  }

  private static List<Sighting> sightings(FeedPage page) {
    return new Posts(FEED, FROM, page.link(), Instant.EPOCH).sightings(page.entries());
  }

  @Test
  void readsRssWithItsMarkupAsPlainText() throws IOException {
    FeedPage page = page("rss2.xml");
    assertEquals(List.of(), page.faults());
    assertEquals(Optional.of(Duration.ofMinutes(90)), page.rest());
    assertEquals(Set.of(3, 4), page.skipHours());
    List<Sighting> seen = sightings(page);
    assertEquals(3, seen.size());
    Sighting first = seen.getFirst();
    assertEquals(new ItemKey("forum", "t-1"), first.key());
    assertEquals("[V] Tesla V100 & Kühler, 450,- VB neu", first.title());
    assertEquals(URI.create("https://forum.example/t/1"), first.page());
    assertEquals(new Sale.Fixed(Money.of("450", "EUR"), true), first.sale());
    assertEquals(Optional.of(Instant.parse("2026-11-30T09:00:00Z")), first.listed());
    assertEquals(Optional.of(URI.create("https://img.example/1.jpg")), first.image());
    assertEquals(new Sale.Fixed(Money.of("1200.50", "USD"), true), seen.get(1).sale());
    assertEquals(URI.create("https://forum.example/t/2"), seen.get(1).page());
    assertEquals(new Sale.Unpriced(), seen.get(2).sale());
    assertEquals(URI.create("https://forum.example/market"), seen.get(2).page());
  }

  @Test
  void readsAtom() throws IOException {
    Sighting seen = sightings(page("atom.xml")).getFirst();
    assertEquals("urn:uuid:1", seen.key().id());
    assertEquals("A100 <80GB> — 3.999,00 €", seen.title());
    assertEquals(URI.create("https://shop.example/a100"), seen.page());
    assertEquals(new Sale.Fixed(Money.of("3999.00", "EUR"), false), seen.sale());
  }

  @Test
  void readsRdfInItsOwnEncoding() throws IOException {
    Sighting seen = sightings(page("rdf-latin1.xml")).getFirst();
    assertEquals("Grafikkarte für Größeres: 120 EUR", seen.title());
    assertEquals("https://alt.example/9", seen.key().id());
  }

  @Test
  void encodingsAreThoseOfTheMarkTheHeaderOrTheDeclaration() {
    String text = "<rss>ü€</rss>";
    Charset windows = Charset.forName("windows-1252");
    assertEquals(text, Decoding.text(text.getBytes(StandardCharsets.UTF_8), Optional.empty()));
    assertEquals(text, Decoding.text(text.getBytes(windows), Optional.empty()));
    assertEquals(
        text, Decoding.text(text.getBytes(windows), Optional.of("text/xml; charset=iso-8859-1")));
    assertEquals(text, Decoding.text(text.getBytes(StandardCharsets.UTF_16BE), Optional.empty()));
    assertEquals(
        text,
        Decoding.text(
            ("\ufeff" + text).getBytes(StandardCharsets.UTF_8), Optional.of("x; charset=latin1")));
    assertEquals(
        text,
        Decoding.text(text.getBytes(StandardCharsets.UTF_8), Optional.of("x; charset=wrong-1")));
  }

  @Test
  void whatCameBeforeAFaultCountsAndTheFaultIsSaid() {
    FeedPage cut =
        FeedReader.read(
            "<rss><channel><item><title>a</title><guid>1</guid></item>\n<item><title>b</ti");
    assertEquals(List.of("1"), cut.entries().stream().map(FeedPage.Entry::id).toList());
    assertTrue(cut.faults().getFirst().contains("line 2"), cut.faults()::toString);
    assertFalse(FeedReader.read("<html><body>no feed</body></html>").faults().isEmpty());
    assertFalse(FeedReader.read("").faults().isEmpty());
    assertFalse(FeedReader.read("{\"json\": 1}").faults().isEmpty());
  }

  @Test
  void controlCharactersDoNotBreakAFeed() {
    FeedPage page =
        FeedReader.read(
            "\n<rss><channel><item><title>a\u000bb</title><guid>1</guid></item></channel></rss>");
    assertEquals("a b", page.entries().getFirst().title());
    assertEquals(List.of(), page.faults());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">"
            + "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;\">"
            + "<!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;\">]>"
            + "<rss><channel><item><guid>1</guid><title>&d;&d;&d;</title></item></channel></rss>",
        "<!DOCTYPE x [<!ENTITY % p SYSTEM \"http://127.0.0.1:9/e.dtd\"> %p;]>"
            + "<rss><channel><item><guid>1</guid><title>&d;</title></item></channel></rss>"
      })
  void entitiesOfDocumentsMeanNothing(String document) {
    FeedPage page = FeedReader.read(document);
    page.entries().forEach(each -> assertTrue(each.title().length() < 100, each.title()));
  }

  @Test
  void noFileIsReadForADocument(@TempDir Path folder) throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), "TOP-SECRET");
    FeedPage page =
        FeedReader.read(
            "<!DOCTYPE x [<!ENTITY f SYSTEM \"%s\">]><rss><channel><item><guid>1</guid><title>a&f;b</title></item></channel></rss>"
                .formatted(secret.toUri()));
    assertFalse(page.toString().contains("TOP-SECRET"), page::toString);
  }

  @Test
  void depthLengthAndCountAreBounded() {
    String item = "<item><guid>1</guid><title>a</title></item>";
    FeedPage deep = FeedReader.read("<rss>" + item + "<a>".repeat(100_000));
    assertEquals(1, deep.entries().size());
    assertFalse(deep.faults().isEmpty());
    FeedPage inside = FeedReader.read("<rss>" + item + "<item><title>" + "<b>".repeat(100_000));
    assertEquals(1, inside.entries().size());
    FeedPage many = FeedReader.read("<rss>" + item.repeat(3000) + "</rss>");
    assertEquals(FeedReader.MOST_ENTRIES, many.entries().size());
    assertFalse(many.faults().isEmpty());
    FeedPage longText =
        FeedReader.read("<rss><item><title>" + "x".repeat(1_000_000) + "</title></item></rss>");
    assertTrue(longText.entries().getFirst().title().length() <= 64 << 10);
  }
}
