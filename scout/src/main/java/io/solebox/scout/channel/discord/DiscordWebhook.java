package io.solebox.scout.channel.discord;

import io.solebox.engine.json.JsonWriter;
import io.solebox.scout.channel.Channel;
import io.solebox.scout.channel.Delivery;
import io.solebox.scout.channel.Message;
import io.solebox.scout.channel.Posting;
import io.solebox.scout.notice.NoticeText;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A webhook of Discord. It knows no limit by heart, but obeys what each answer says of them: how
 * long to stay away where nothing is left in its bucket, and for all webhooks where the limit is
 * that of all requests.
 */
public final class DiscordWebhook implements Channel {
  private static final JsonWriter JSON = new JsonWriter();

  private static final String AGAIN =
      "This may be a repeat: it was sent before, and nobody knows whether it arrived.";

  private static final String REMEDY =
      "Make a new webhook in Discord and put its address where the settings say that it is.";

  private final String name;
  private final URI hook;
  private final Posting posting;
  private final NoticeText text;
  private final DiscordLimits limits;
  private final InstantSource clock;

  /**
   * @param hook its address, which is a secret
   * @param limits shared with all other webhooks of Discord
   */
  public DiscordWebhook(
      String name,
      URI hook,
      Outbound outbound,
      NoticeText text,
      DiscordLimits limits,
      InstantSource clock) {
    this.name = name;
    this.hook = waiting(hook);
    this.posting = new Posting(outbound);
    this.text = text;
    this.limits = limits;
    this.clock = clock;
  }

  /** Without it Discord accepts what it then drops without a word. */
  private static URI waiting(URI hook) {
    String query = hook.getRawQuery() == null ? "wait=true" : hook.getRawQuery() + "&wait=true";
    return URI.create(
        hook.getScheme() + "://" + hook.getRawAuthority() + hook.getRawPath() + "?" + query);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int most() {
    return Embeds.MOST;
  }

  @Override
  public Delivery send(Message message) throws InterruptedException {
    Duration closed = limits.closed(clock.instant());
    if (closed.isPositive()) {
      return new Delivery.Later(closed, "all webhooks of Discord have to wait", false);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    if (message.perhapsAgain()) {
      body.put("content", AGAIN);
    }
    body.put("embeds", Embeds.of(message.news().stream().map(text::of).toList()));
    body.put("allowed_mentions", Map.of("parse", List.of()));
    return posting.send(
        Ask.post(hook, new Ask.Body("application/json", JSON.bytes(body))), this::read);
  }

  private Delivery read(Outbound.Reply reply) {
    Instant now = clock.instant();
    Head head = reply.head();
    int status = head.status();
    boolean shared = head.first("x-ratelimit-scope").filter("shared"::equals).isPresent();
    if (status == 401 || status == 403 || (status == 429 && !shared)) {
      limits.countInvalid(now);
    }
    if (status == 429) {
      Duration pause = pause(reply);
      if (isGlobal(reply)) {
        limits.closeFor(pause, now);
      }
      return new Delivery.Later(pause, Posting.said(reply), false);
    }
    if (status / 100 == 2 && head.first("x-ratelimit-remaining").filter("0"::equals).isPresent()) {
      return new Delivery.Accepted(
          seconds(head.first("x-ratelimit-reset-after")).orElse(Duration.ZERO));
    }
    return Posting.read(reply, REMEDY);
  }

  private static boolean isGlobal(Outbound.Reply reply) {
    return reply.head().first("x-ratelimit-global").filter("true"::equals).isPresent()
        || reply.head().first("x-ratelimit-scope").filter("global"::equals).isPresent()
        || Boolean.TRUE.equals(Posting.json(reply).get("global"));
  }

  /** What a header says is in seconds; the body's had other units in old versions. */
  private static Duration pause(Outbound.Reply reply) {
    Optional<Duration> after = seconds(reply.head().first("retry-after"));
    Optional<Duration> reset = seconds(reply.head().first("x-ratelimit-reset-after"));
    Optional<Duration> body =
        Optional.ofNullable(Posting.json(reply).get("retry_after"))
            .flatMap(value -> seconds(Optional.of(value.toString())));
    return after
        .map(one -> reset.filter(other -> other.compareTo(one) > 0).orElse(one))
        .or(() -> body)
        .or(() -> reset)
        .orElse(Duration.ZERO);
  }

  private static Optional<Duration> seconds(Optional<String> text) {
    return text.filter(number -> number.matches("\\d{1,7}(\\.\\d{1,9})?"))
        .map(number -> Duration.ofMillis((long) Math.ceil(1000 * Double.parseDouble(number))));
  }
}
