package io.solebox.scout.channel.discord;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Hostile;
import io.solebox.scout.channel.Message;
import io.solebox.scout.fake.Canned;
import io.solebox.scout.fake.FakeChannels;
import io.solebox.scout.fake.FakeDiscord;
import io.solebox.scout.notice.NoticeText;
import io.solebox.scout.notice.Told;
import io.solebox.scout.notice.Word;
import io.solebox.scout.outbox.News;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiscordWebhookTest {
  private static final String HOOK = "/api/webhooks/1/s3cret";

  private Instant now = News.NOON;
  private final FakeDiscord discord = new FakeDiscord(5, Duration.ofSeconds(2), () -> now);
  private final FakeChannels fake = new FakeChannels().with(HOOK, discord);
  private final Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL);
  private final DiscordLimits limits = new DiscordLimits();
  private final DiscordWebhook webhook = webhook("cards");

  private DiscordWebhook webhook(String name) {
    return new DiscordWebhook(
        name,
        fake.address(HOOK),
        outbound,
        new NoticeText(ZoneId.of("Europe/Berlin")),
        limits,
        () -> now);
  }

  @AfterEach
  void close() {
    outbound.close();
    fake.close();
  }

  private static Message message(boolean perhapsAgain, List<? extends Told> news) {
    return new Message("k", List.copyOf(news), perhapsAgain);
  }

  private Delivery send() throws InterruptedException {
    return webhook.send(message(false, List.of(News.of(1, now))));
  }

  @Test
  void whateverTitlesSayItIsWithinTheLimitsAndCallsNobody() throws InterruptedException {
    for (String title : Hostile.TITLES) {
      List<Told> ten = new ArrayList<>();
      IntStream.range(0, 10).forEach(i -> ten.add(News.titled(3, title)));
      now = now.plusSeconds(10);
      assertInstanceOf(
          Delivery.Accepted.class, webhook.send(message(false, ten)), "ten times " + title);
      assertInstanceOf(
          Delivery.Accepted.class, webhook.send(message(false, List.of(ten.getFirst()))), title);
    }
    for (Map<String, Object> embed : discord.embeds()) {
      String all = embed.toString();
      assertFalse(all.contains("@everyone") || all.contains("@here"), all);
      assertFalse(all.replaceAll("\\\\.", "").matches("(?s).*[<*`|].*"), all);
      assertFalse(all.replace("url=https://", "").contains("://"), all);
      assertEquals(all.codePoints().filter(c -> c >= 0xd800 && c < 0xe000).count(), 0, all);
    }
  }

  @Test
  void longWordsOfItsOwnFit() throws InterruptedException {
    Told word = new Word("w", now, "The channel mail has stopped", "why ".repeat(2000));
    assertInstanceOf(Delivery.Accepted.class, webhook.send(message(false, List.of(word))));
  }

  @Test
  void aRepeatSaysThatItMayBeOne() throws InterruptedException {
    webhook.send(message(true, List.of(News.of(1, now))));
    send();
    assertTrue(discord.shown().get(0).get("content").toString().contains("repeat"));
    assertFalse(discord.shown().get(1).containsKey("content"));
  }

  @Test
  void whatIsLeftInTheBucketIsObeyedBeforeAnybodyComplains() throws InterruptedException {
    Delivery last = send();
    for (int i = 1; i < 5; i++) {
      assertEquals(new Delivery.Accepted(), last);
      last = send();
    }
    assertEquals(new Delivery.Accepted(Duration.ofSeconds(2)), last);
    assertEquals(0, discord.limited());
    now = now.plusMillis(500);
    Delivery tooEarly = send(); // as by another program with the same address
    assertEquals(Duration.ofMillis(1500), ((Delivery.Later) tooEarly).pause());
    assertFalse(((Delivery.Later) tooEarly).perhapsArrived());
  }

  @Test
  void theGlobalLimitHoldsForAllWebhooks() throws InterruptedException {
    fake.script(
        HOOK,
        Canned.of(
            429,
            Map.of("Retry-After", "7", "X-RateLimit-Global", "true"),
            "{\"message\": \"no\", \"retry_after\": 6.5, \"global\": true}"));
    assertEquals(Duration.ofSeconds(7), ((Delivery.Later) send()).pause());
    now = now.plusSeconds(3);
    int asked = fake.asked().size();
    Delivery other = webhook("other").send(message(false, List.of(News.of(2, now))));
    assertEquals(Duration.ofSeconds(4), ((Delivery.Later) other).pause());
    assertEquals(asked, fake.asked().size(), "it was asked all the same");
    now = now.plusSeconds(5);
    assertEquals(new Delivery.Accepted(), send());
  }

  @Test
  void waitsAsTheBodySaysWhereNoHeaderDoes() throws InterruptedException {
    fake.script(HOOK, Canned.of(429, "{\"retry_after\": 1.25, \"global\": false}"));
    assertEquals(Duration.ofMillis(1250), ((Delivery.Later) send()).pause());
    fake.script(HOOK, Canned.of(429, "not json"));
    assertEquals(Duration.ZERO, ((Delivery.Later) send()).pause());
  }

  @Test
  void aWebhookThatIsGoneStopsAndNoMessageShowsItsAddress() throws InterruptedException {
    for (int status : List.of(401, 403, 404)) {
      fake.script(
          HOOK,
          Canned.of(status, "{\"message\": \"Unknown " + fake.address(HOOK) + "\", \"code\": 1}"));
      Delivery.Stopped stopped = assertInstanceOf(Delivery.Stopped.class, send());
      assertFalse((stopped.reason() + stopped.remedy()).contains("s3cret"), stopped.reason());
    }
  }

  @Test
  void tooManyInvalidRequestsEndThem() throws InterruptedException {
    for (int i = 0; i < DiscordLimits.MOST_INVALID; i++) {
      limits.countInvalid(now);
    }
    now = now.plusSeconds(60);
    assertEquals(Duration.ofMinutes(9), ((Delivery.Later) send()).pause());
    assertEquals(0, fake.asked().size());
    now = now.plusSeconds(540);
    assertEquals(new Delivery.Accepted(), send());
  }

  @Test
  void faultsAreForLaterAndSayWhetherItMayHaveArrived() throws InterruptedException {
    fake.script(HOOK, Canned.of(500, "{}"), Canned.lost());
    assertTrue(((Delivery.Later) send()).perhapsArrived());
    assertTrue(((Delivery.Later) send()).perhapsArrived());
    assertEquals(1, discord.shown().size());
    fake.script(HOOK, Canned.of(400, "{\"message\": \"Invalid Form Body\"}"));
    assertEquals(new Delivery.Refused("it answered 400 (Invalid Form Body)"), send());
    fake.close();
    assertFalse(((Delivery.Later) send()).perhapsArrived());
  }
}
