package io.solebox.scout.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.channel.matrix.MatrixRoom;
import io.solebox.scout.channel.ntfy.NtfyTopic;
import io.solebox.scout.channel.webhook.JsonWebhook;
import io.solebox.scout.fake.Canned;
import io.solebox.scout.fake.FakeChannels;
import io.solebox.scout.fake.FakeKeyed;
import io.solebox.scout.notice.NoticeText;
import io.solebox.scout.notice.Told;
import io.solebox.scout.outbox.News;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Patience;
import io.solebox.store.pull.http.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels at whose other end keys are known: ntfy, Matrix, and webhooks. */
class KeyedChannelsTest {
  private static final String ROOM = "/_matrix/client/v3/rooms/%21abc%3Aexample.org/send/";

  private final FakeKeyed ntfy = new FakeKeyed(one -> (String) one.body().get("sequence_id"));
  private final FakeKeyed matrix = new FakeKeyed(one -> one.uri().getRawPath());
  private final FakeKeyed hook = new FakeKeyed(one -> one.headers().get("idempotency-key"));
  private final FakeChannels fake =
      new FakeChannels().with("/ntfy/", ntfy).with("/_matrix/", matrix).with("/hook", hook);
  private final Outbound outbound = new Outbound(new Network.Open(), Patience.USUAL);
  private final NoticeText text = new NoticeText(ZoneId.of("Europe/Berlin"));
  private final Channel toNtfy =
      new NtfyTopic(
          "phone",
          fake.address("/ntfy/"),
          "cards",
          Optional.of(Secret.bearer("tk")),
          outbound,
          text);
  private final Channel toMatrix =
      new MatrixRoom(
          "room", fake.address("/"), "!abc:example.org", Secret.bearer("mx"), outbound, text);
  private final Channel toHook =
      new JsonWebhook("hook", fake.address("/hook"), Optional.of("signing"), outbound);

  @AfterEach
  void close() {
    outbound.close();
    fake.close();
  }

  private static Message message(Told... news) {
    return new Message("k1", List.of(news), false);
  }

  @Test
  void aRepeatIsNotShownAgain() throws InterruptedException {
    for (Channel channel : List.of(toNtfy, toMatrix, toHook)) {
      for (String path : List.of("/ntfy/", "/_matrix/", "/hook")) {
        fake.script(path, Canned.lost());
      }
      Delivery first = channel.send(message(News.of(1, News.NOON)));
      assertTrue(((Delivery.Later) first).perhapsArrived(), channel.name());
      for (int i = 0; i < 4; i++) { // what was scripted for the others ends, too
        channel.send(new Message("k1", List.of(News.of(1, News.NOON)), true));
      }
    }
    for (FakeKeyed service : List.of(ntfy, matrix, hook)) {
      assertEquals(1, service.shown().size());
      assertTrue(service.times().values().iterator().next() > 1);
    }
  }

  @Test
  void theRepeatOfAWebhookIsTheSameByteByByte() throws InterruptedException {
    toHook.send(new Message("k1", List.of(News.titled(1, "V100")), false));
    toHook.send(new Message("k1", List.of(News.titled(1, "V100")), true));
    List<FakeChannels.Asked> asked = fake.asked();
    assertEquals(
        new String(asked.get(0).raw(), StandardCharsets.UTF_8),
        new String(asked.get(1).raw(), StandardCharsets.UTF_8));
    assertEquals("true", asked.get(1).headers().get("x-solebox-perhaps-again"));
    assertFalse(new String(asked.get(0).raw(), StandardCharsets.UTF_8).contains("seller\":{\"key"));
  }

  @Test
  void aWebhookIsSigned() throws InterruptedException, GeneralSecurityException {
    toHook.send(message(News.of(1, News.NOON)));
    FakeChannels.Asked asked = fake.asked().getFirst();
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec("signing".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    assertEquals(
        "sha256=" + HexFormat.of().formatHex(mac.doFinal(asked.raw())),
        asked.headers().get("x-solebox-signature"));
    assertEquals("\"k1\"", asked.headers().get("idempotency-key"));
  }

  @Test
  void ntfyGetsOneNotificationWithinItsBytes() throws InterruptedException {
    for (String title : Hostile.TITLES) {
      Told[] news =
          IntStream.range(0, toNtfy.most())
              .mapToObj(i -> News.titled(i, title))
              .toArray(Told[]::new);
      assertInstanceOf(Delivery.Accepted.class, toNtfy.send(message(news)));
    }
    toNtfy.send(message(News.of(7, News.NOON)));
    for (FakeChannels.Asked asked : fake.asked()) {
      String body = (String) asked.body().get("message");
      assertTrue(body.getBytes(StandardCharsets.UTF_8).length <= 4096, body);
      assertEquals("Bearer tk", asked.headers().get("authorization"));
    }
    Map<String, Object> last = fake.asked().getLast().body();
    assertEquals("https://example.org/itm/7", last.get("click"));
    assertEquals(List.of("new"), last.get("tags"));
    assertEquals("New: NVIDIA Tesla V100 SXM2 32GB", last.get("title"));
  }

  @Test
  void matrixGetsNoMarkupOfStrangersAndCallsNobody() throws InterruptedException {
    for (String title : Hostile.TITLES) {
      assertInstanceOf(
          Delivery.Accepted.class,
          toMatrix.send(message(News.titled(1, title), News.titled(2, title))));
    }
    for (FakeChannels.Asked asked : fake.asked()) {
      String html = (String) asked.body().get("formatted_body");
      assertEquals(
          "",
          html.replaceAll("</?(p|strong|br|a( href=\"https://example.org/itm/\\d\")?)>", "")
              .replaceAll("[^<>]", ""),
          html);
      assertFalse(asked.body().get("body").toString().contains("@room"));
      assertEquals(Map.of(), asked.body().get("m.mentions"));
      assertEquals("PUT", asked.method());
      assertEquals(ROOM + "m.room.message/k1", asked.uri().getRawPath());
      assertTrue(asked.raw().length < 60_000);
    }
  }

  @Test
  void whatServicesAnswerIsUnderstood() throws InterruptedException {
    fake.script(
        "/_matrix/",
        Canned.of(429, "{\"errcode\":\"M_LIMIT_EXCEEDED\",\"retry_after_ms\":2500}"),
        Canned.of(401, "{\"errcode\":\"M_UNKNOWN_TOKEN\"}"),
        Canned.of(413, "{\"errcode\":\"M_TOO_LARGE\"}"));
    assertEquals(
        new Delivery.Later(Duration.ofMillis(2500), "it answered 429 (M_LIMIT_EXCEEDED)", false),
        toMatrix.send(message(News.of(1, News.NOON))));
    assertInstanceOf(Delivery.Stopped.class, toMatrix.send(message(News.of(1, News.NOON))));
    assertInstanceOf(Delivery.Refused.class, toMatrix.send(message(News.of(1, News.NOON))));
    fake.script(
        "/ntfy/",
        Canned.of(429, Map.of("Retry-After", "30"), "{\"error\":\"limit reached\"}"),
        Canned.of(302, Map.of("Location", "https://elsewhere.example/"), ""));
    assertEquals(
        new Delivery.Later(Duration.ofSeconds(30), "it answered 429 (limit reached)", false),
        toNtfy.send(message(News.of(1, News.NOON))));
    assertInstanceOf(Delivery.Stopped.class, toNtfy.send(message(News.of(1, News.NOON))));
  }

  @Test
  void anAnswerThatTellsBackTheAddressShowsNoSecret() {
    var head =
        new Head(URI.create("https://example.org/hook/s3cr3t-path?key=abc%2Fdefgh"), 404, Map.of());
    String said =
        Posting.said(
            new Outbound.Reply(
                head,
                "{\"message\":\"Cannot POST /hook/s3cr3t-path?key=abc%2Fdefgh (abc/defgh)\"}"
                    .getBytes(StandardCharsets.UTF_8)));
    assertFalse(said.contains("s3cr3t") || said.contains("defgh"), said);
    assertTrue(said.contains("Cannot POST"), said);
  }
}
