package io.solebox.scout.source.feed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.fake.FakeSite;
import io.solebox.scout.item.Sighting;
import io.solebox.scout.source.Found;
import io.solebox.scout.source.Search;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FeedSourceTest {
  private static final Search SEARCH = new Search("forum", "", Optional.empty());
  private static final String SECRET = "/feed?token=TOP-SECRET";

  private final Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL);
  private FakeSite site;
  private FeedSource source;
  private Instant now = Instant.parse("2026-11-30T12:00:00Z");

  @BeforeEach
  void open() throws IOException {
    site = new FakeSite();
    source = source(outbound);
  }

  private FeedSource source(Outbound by) {
    var feed =
        new Feed(
            "forum", site.at(SECRET), Duration.ofMinutes(30), Optional.of("EUR"), Optional.empty());
    return new FeedSource(feed, by, () -> now);
  }

  @AfterEach
  void close() {
    site.close();
    outbound.close();
  }

  private static byte[] rss(String channel) {
    return "<rss><channel>%s<item><guid>1</guid><title>V100 450 EUR</title></item></channel></rss>"
        .formatted(channel)
        .getBytes(StandardCharsets.UTF_8);
  }

  private Found find() throws InterruptedException {
    return source.find(SEARCH, _ -> false);
  }

  @Test
  void whatHasNotChangedIsNotSentAgainAndIsStillThere() throws InterruptedException {
    site.answer(200, Map.of("ETag", "\"a\"", "Last-Modified", "yesterday"), rss(""));
    site.answer(304, Map.of(), new byte[0]);
    assertEquals(1, assertInstanceOf(Found.Whole.class, find()).sightings().size());
    now = now.plusSeconds(60);
    List<Sighting> again = assertInstanceOf(Found.Whole.class, find()).sightings();
    assertEquals(List.of(now), again.stream().map(Sighting::seen).toList());
    assertEquals("\"a\"", site.asked().get(1).headers().getFirst("If-None-Match"));
    assertEquals("yesterday", site.asked().get(1).headers().getFirst("If-Modified-Since"));
  }

  @Test
  void aDamagedFeedIsReadAsFarAsItGoesAndAskedForAsAWholeAgain() throws InterruptedException {
    byte[] whole = rss("");
    site.answer(200, Map.of("ETag", "\"a\""), Arrays.copyOf(whole, whole.length - 12));
    site.answer(200, Map.of(), whole);
    var cut = assertInstanceOf(Found.Whole.class, find());
    assertEquals(1, cut.sightings().size());
    assertFalse(cut.notes().isEmpty());
    find();
    assertFalse(site.asked().get(1).headers().containsKey("If-None-Match"));
  }

  @Test
  void whatItAsksForIsDone() throws InterruptedException {
    assertEquals(Duration.ofMinutes(30), source.every(1));
    site.answer(
        200, Map.of(), rss("<ttl>90</ttl><skipHours><hour>13</hour><hour>14</hour></skipHours>"));
    find();
    assertEquals(Duration.ofHours(3), source.every(1), "13:30 is left out, and 14 o'clock");
    site.answer(503, Map.of("Retry-After", "Mon, 30 Nov 2026 12:10:00 GMT"), new byte[0]);
    assertEquals(Duration.ofMinutes(10), assertInstanceOf(Found.Part.class, find()).pause());
    site.answer(429, Map.of("Retry-After", "120"), new byte[0]);
    assertEquals(Duration.ofMinutes(2), assertInstanceOf(Found.Part.class, find()).pause());
  }

  @Test
  void howFarTheClockIsBehindIsReadOfFreshAnswersAlone() throws InterruptedException {
    assertEquals(Optional.empty(), source.clockBehind());
    now = Instant.parse("2000-01-01T00:00:00Z"); // the server under the site says today's date
    site.answer(200, Map.of(), rss(""));
    find();
    assertTrue(source.clockBehind().orElseThrow().toDays() > 9000);
    site.answer(200, Map.of("Age", "60"), rss(""));
    find();
    assertEquals(Optional.empty(), source.clockBehind());
  }

  @Test
  void redirectsAreFollowedAndGoneIsGone() throws InterruptedException {
    site.answer(301, Map.of("Location", "/new"), new byte[0]);
    site.answer(200, Map.of(), rss(""));
    var found = assertInstanceOf(Found.Whole.class, find());
    assertEquals(1, found.sightings().size());
    assertEquals(1, found.notes().size());
    site.answer(410, Map.of(), new byte[0]);
    assertInstanceOf(Found.Closed.class, find());
    for (int i = 0; i < 10; i++) {
      site.answer(302, Map.of("Location", "/again"), new byte[0]);
    }
    assertInstanceOf(Found.Part.class, find());
  }

  @Test
  void theAddressIsInNoMessage() throws InterruptedException {
    site.answer(200, Map.of(), "<html/>".getBytes(StandardCharsets.UTF_8));
    assertFalse(find().toString().contains("TOP-SECRET"));
    site.answer(200, Map.of(), rss(""));
    assertFalse(find().toString().contains("TOP-SECRET"));
    site.close();
    assertFalse(find().toString().contains("TOP-SECRET"));
  }

  @Test
  void anAirGapClosesIt() throws InterruptedException {
    try (var closed = new Outbound(new Network.Closed("it is apart"), Patience.USUAL)) {
      var found = assertInstanceOf(Found.Closed.class, source(closed).find(SEARCH, _ -> false));
      assertTrue(found.reason().contains("it is apart"), found::reason);
    }
    assertEquals(List.of(), site.asked());
  }

  @Test
  void aLinkToTheFeedItselfDoesNotTellItsAddress() throws InterruptedException {
    site.answer(
        200,
        Map.of(),
        "<rss><channel><link>#</link><item><guid>1</guid><title>P40</title><link>#top</link></item></channel></rss>"
            .getBytes(StandardCharsets.UTF_8));
    Found found = find();
    assertEquals(1, found.sightings().size());
    assertFalse(found.toString().contains("TOP-SECRET"), found::toString);
  }
}
