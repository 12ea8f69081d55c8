package io.solebox.scout.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.discord.DiscordLimits;
import io.solebox.scout.channel.discord.DiscordWebhook;
import io.solebox.scout.fake.Canned;
import io.solebox.scout.fake.FakeChannels;
import io.solebox.scout.fake.FakeDiscord;
import io.solebox.scout.notice.NoticeText;
import io.solebox.scout.notice.Told;
import io.solebox.scout.notice.Word;
import io.solebox.scout.state.ScoutTables;
import io.solebox.scout.story.Happening;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PumpTest {
  @TempDir Path folder;
  private Database database;
  private Instant now = News.NOON;
  private final ScriptedChannel one = new ScriptedChannel("one", 10);
  private final ScriptedChannel other = new ScriptedChannel("other", 10);

  @BeforeEach
  void open() {
    database = ScoutTables.open(folder.resolve("scout.db"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Pump pump(Way... ways) {
    return new Pump(database, List.of(ways), () -> now, new Random(1));
  }

  private Pump pump() {
    return pump(new Way(one, "s", Calm.NONE), new Way(other, "s", Calm.NONE));
  }

  private void put(Told told, String... channels) {
    database.transaction(sql -> Outbox.put(sql, told, List.of(channels)));
  }

  private ChannelState state(String channel) {
    return database.read(sql -> ChannelState.of(sql, channel, now));
  }

  /** Runs until nothing waits that time brings forward, and returns how long that took. */
  private Duration drain(Pump pump) throws InterruptedException {
    Instant begin = now;
    for (Optional<Instant> next = pump.run(); next.isPresent(); next = pump.run()) {
      now = next.get().isAfter(now) ? next.get() : now;
    }
    return Duration.between(begin, now);
  }

  @Test
  void whatWasPutOnceIsToldOnceToEachChannel() throws InterruptedException {
    Told told = News.of(1, now);
    for (int i = 0; i < 3; i++) {
      put(told, "one", "other");
      drain(pump());
    }
    assertEquals(List.of("key-1"), one.keys());
    assertEquals(List.of("key-1"), other.keys());
    assertEquals(told, one.sent.getFirst().news().getFirst(), "it comes back as it was put");
    put(told, "one", "third");
    assertEquals(1, state("third").waiting());
    assertEquals(0, state("one").waiting());
    assertEquals(Optional.of(now), state("one").accepted());
  }

  @Test
  void aBurstOfTwentyFiveIsThreeMessagesAndObeysTheBucket() throws InterruptedException {
    var discord = new FakeDiscord(1, Duration.ofSeconds(2), () -> now);
    try (var fake = new FakeChannels().with("/hook", discord);
        var outbound = new Outbound(new Network.Open(), Patience.USUAL)) {
      var webhook =
          new DiscordWebhook(
              "one",
              fake.address("/hook"),
              outbound,
              new NoticeText(ZoneId.of("UTC")),
              new DiscordLimits(),
              () -> now);
      IntStream.range(0, 25).forEach(i -> put(News.of(i, now), "one"));
      fake.script("/hook", Canned.of(503, "{}"), Canned.lost());
      drain(pump(new Way(webhook, "s", Calm.NONE)));
      // The lost one is told again, and says so.
      assertEquals(List.of(10, 10, 10, 5), discord.shown().stream().map(this::embeds).toList());
      assertEquals(35, discord.embeds().size());
      assertTrue(discord.shown().get(1).containsKey("content"));
      assertEquals(0, discord.limited());
    }
  }

  private int embeds(Map<String, Object> message) {
    return FakeDiscord.embeds(message).size();
  }

  @Test
  void triesAgainLessAndLessOftenAndLosesNothing() throws InterruptedException {
    put(News.of(1, now), "one");
    one.answer = _ -> new Delivery.Later(Duration.ZERO, "busy", false);
    Pump pump = pump();
    List<Duration> pauses = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Instant next = pump.run().orElseThrow();
      pauses.add(Duration.between(now, next));
      now = next;
    }
    for (int i = 0; i < pauses.size(); i++) {
      double base = Math.min(5 << i, 1800);
      double seconds = pauses.get(i).toMillis() / 1000.0;
      assertTrue(seconds >= base && seconds <= 1.25 * base, pauses.toString());
    }
    assertEquals("busy", state("one").problem());
    // The next time is remembered by the next process, too.
    Instant next = pump.run().orElseThrow();
    now = next.minusMillis(1);
    int tries = one.sent.size();
    assertEquals(next, pump().run().orElseThrow());
    assertEquals(tries, one.sent.size());
    one.answer = _ -> new Delivery.Accepted();
    drain(pump());
    assertFalse(one.sent.getLast().perhapsAgain(), "nobody took it before");
    assertEquals("", state("one").problem());
  }

  @Test
  void aChannelThatIsWrongInsideKeepsNoOtherFromItsTurn() throws InterruptedException {
    put(News.of(1, now), "one", "other");
    one.answer =
        _ -> {
          throw new IllegalStateException("https://hook.example/s3cret");
        };
    pump().run();
    assertEquals(List.of("key-1"), other.keys());
    assertEquals("it failed: IllegalStateException", state("one").problem());
  }

  @Test
  void neverComesBackBeforeTheTimeThatWasAsked() throws InterruptedException {
    put(News.of(1, now), "one");
    one.answer = _ -> new Delivery.Later(Duration.ofSeconds(90), "busy", false);
    Instant next = pump().run().orElseThrow();
    assertFalse(next.isBefore(now.plusSeconds(90)));
    assertTrue(next.isBefore(now.plusSeconds(92)));
  }

  @Test
  void aClockThatWasSetBackKeepsNothingBackForLong() throws InterruptedException {
    put(News.of(1, now.plus(Duration.ofDays(300))), "one");
    one.answer = _ -> new Delivery.Later(Duration.ofMinutes(1), "busy", false);
    now = now.plus(Duration.ofDays(300));
    pump().run();
    now = News.NOON;
    one.answer = _ -> new Delivery.Accepted();
    drain(pump());
    assertEquals(2, one.sent.size());
    assertTrue(now.isBefore(News.NOON.plus(Duration.ofDays(2))));
  }

  @Test
  void theOneThatIsRefusedIsFoundAndTheOthersArrive() throws InterruptedException {
    IntStream.range(0, 10).forEach(i -> put(News.of(i, now), "one"));
    one.answer =
        message ->
            message.news().stream().anyMatch(told -> told.key().equals("key-6"))
                ? new Delivery.Refused("bad title")
                : new Delivery.Accepted();
    drain(pump());
    List<ChannelState.Refusal> refused = state("one").refused();
    assertEquals(List.of(new ChannelState.Refusal("key-6", now, "bad title")), refused);
    long arrived =
        one.sent.stream()
            .filter(message -> one.answer.apply(message) instanceof Delivery.Accepted)
            .mapToInt(message -> message.news().size())
            .sum();
    assertEquals(9, arrived);
    assertEquals(0, state("one").waiting());
  }

  @Test
  void aMessageThatAlwaysFailsHoldsUpNoOther() throws InterruptedException {
    put(News.of(0, now), "one");
    one.answer =
        message ->
            message.news().getFirst().key().equals("key-0")
                ? new Delivery.Later(Duration.ZERO, "500", true)
                : new Delivery.Accepted();
    Pump pump = pump();
    now = pump.run().orElseThrow();
    put(News.of(1, now), "one");
    for (int i = 0; i < 10; i++) {
      now = pump.run().orElseThrow();
    }
    assertTrue(one.keys().contains("key-1"), one.keys().toString());
    assertEquals(1, state("one").waiting());
  }

  @Test
  void aChannelThatStoppedIsLeftAloneAndTheOthersAreToldOnce() throws InterruptedException {
    put(News.of(1, now), "one");
    one.answer = _ -> new Delivery.Stopped("it answered 404", "Make a new one.");
    drain(pump());
    put(News.of(2, now), "one");
    for (int i = 0; i < 3; i++) {
      now = now.plus(Duration.ofHours(2));
      drain(pump());
    }
    assertEquals(1, one.sent.size());
    assertEquals(Optional.of("Make a new one."), state("one").stopped());
    assertEquals(2, state("one").waiting());
    assertEquals(1, other.sent.size());
    Word word = (Word) other.sent.getFirst().news().getFirst();
    assertEquals("The channel one has stopped", word.title());
    assertTrue(word.text().contains("404") && word.text().contains("Make a new one."), word.text());

    // Other settings let it go, and nothing was lost.
    one.answer = _ -> new Delivery.Accepted();
    drain(pump(new Way(one, "other settings", Calm.NONE), new Way(other, "s", Calm.NONE)));
    assertEquals(List.of("key-1", "key-1", "key-2"), one.keys());
    assertFalse(one.sent.get(1).perhapsAgain());
    assertEquals(Optional.empty(), state("one").stopped());
  }

  @Test
  void somebodyLetsAChannelGoOn() throws InterruptedException {
    put(News.of(1, now), "one");
    one.answer = _ -> new Delivery.Stopped("it answered 401", "Log in.");
    drain(pump());
    one.answer = _ -> new Delivery.Accepted();
    assertTrue((boolean) database.<Boolean>transaction(sql -> Outbox.resume(sql, "one")));
    assertFalse((boolean) database.<Boolean>transaction(sql -> Outbox.resume(sql, "one")));
    drain(pump());
    assertEquals(List.of("key-1", "key-1"), one.keys());
  }

  @Test
  void aDigestIsOneMessageAndWhatCannotWaitComesBefore() throws InterruptedException {
    Calm calm =
        new Calm(
            ZoneId.of("UTC"),
            Optional.empty(),
            Optional.of(LocalTime.of(18, 0)),
            Set.of(Happening.ENDING));
    Pump pump = pump(new Way(one, "s", calm));
    for (int i = 0; i < 4; i++) {
      put(News.of(i, now), "one");
      assertEquals(Optional.of(Instant.parse("2026-11-30T18:00:00Z")), pump.run());
      now = now.plusSeconds(600);
    }
    put(News.of(9, Happening.ENDING, now), "one");
    pump.run();
    assertEquals(List.of("key-9"), one.keys());
    now = Instant.parse("2026-11-30T18:00:00Z");
    put(News.of(5, now.plusMillis(1)), "one");
    assertEquals(Optional.of(now.plus(Duration.ofDays(1))), pump.run());
    assertEquals(2, one.sent.size());
    assertEquals(4, one.sent.getLast().news().size());
  }

  @Test
  void whatIsMutedIsNotToldAndWhatIsSnoozedComesLater() throws InterruptedException {
    IntStream.range(0, 3).forEach(i -> put(News.of(i, now), "one"));
    String muted = Mutes.item(News.of(1, now).event().sighting().key());
    String snoozed = Mutes.item(News.of(2, now).event().sighting().key());
    Instant later = now.plus(Duration.ofHours(3));
    database.transaction(
        sql -> {
          Mutes.mute(sql, Mutes.Kind.ITEM, muted, now);
          Mutes.snooze(sql, Mutes.Kind.ITEM, snoozed, later, now);
          return true;
        });
    assertEquals(2, database.read(sql -> Mutes.list(sql, now)).size());
    assertEquals(later, pump().run().orElseThrow());
    assertEquals(List.of("key-0"), one.keys());
    now = later;
    drain(pump());
    assertEquals(List.of("key-0", "key-2"), one.keys());
    put(News.of(1, now), "one");
    drain(pump());
    assertEquals(2, one.sent.size(), "what was muted is over");
    assertTrue(
        (boolean) database.<Boolean>transaction(sql -> Mutes.unmute(sql, Mutes.Kind.ITEM, muted)));
  }

  @Test
  void sellersCardsAndWatchesAreMutedToo() throws InterruptedException {
    Pump pump = pump();
    List<Mutes.Mute> mutes =
        List.of(
            new Mutes.Mute(Mutes.Kind.SELLER, "seller", false, Optional.empty()),
            new Mutes.Mute(Mutes.Kind.CARD, "V100-SXM2-32GB", false, Optional.empty()),
            new Mutes.Mute(Mutes.Kind.WATCH, "watch", false, Optional.of(now.plusSeconds(1))));
    for (Mutes.Mute mute : mutes) {
      database.transaction(
          sql -> {
            Mutes.write(sql, mute, now);
            return Outbox.put(sql, News.titled(mutes.indexOf(mute), "V100"), List.of("one"));
          });
      drain(pump);
      database.transaction(sql -> Mutes.unmute(sql, mute.kind(), mute.target()));
    }
    assertEquals(List.of(), one.keys());
    put(News.titled(7, "V100"), "one");
    drain(pump);
    assertEquals(List.of("key-7"), one.keys());
  }

  @Test
  void whatIsOfASellerWhoIsGoneIsForgotten() throws InterruptedException {
    put(News.of(1, now), "one");
    one.answer = _ -> new Delivery.Later(Duration.ofSeconds(1), "busy", true);
    pump().run();
    put(News.of(2, now), "one");
    database.transaction(
        sql -> {
          Outbox.forgetSeller(sql, "seller", now);
          return true;
        });
    one.sent.clear();
    drain(pump());
    assertEquals(List.of(), one.keys());
    assertEquals(0, left("body IS NOT NULL OR seller IS NOT NULL OR item IS NOT NULL"));
  }

  private int left(String condition) {
    return database.read(
        sql ->
            sql.first(row -> row.getInt(1), "SELECT COUNT(*) FROM outbox WHERE " + condition)
                .orElseThrow());
  }

  @Test
  void keysAreForgottenInTheEndAndNothingWaitsForEver() throws InterruptedException {
    put(News.of(1, now), "one");
    put(News.of(2, now), "gone");
    drain(pump());
    now = now.plus(Duration.ofDays(1000)); // a clock that jumps, and a scout that was away
    Pump pump = pump();
    pump.run();
    now = now.plus(Duration.ofDays(1000));
    pump.run();
    assertEquals(1, left("state IN ('waiting', 'bound')"));
    for (Instant end = now.plus(Outbox.WAITS.plusHours(4)); now.isBefore(end); ) {
      now = now.plus(Duration.ofMinutes(61));
      pump.run();
    }
    assertEquals("it has waited for too long", state("gone").refused().getFirst().reason());
    now = now.plus(Outbox.REMEMBERED).plusSeconds(1);
    pump().run();
    assertEquals(0, left("1 = 1"));
  }
}
