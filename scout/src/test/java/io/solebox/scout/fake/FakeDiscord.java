package io.solebox.scout.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A webhook of Discord with the limits of embeds and a bucket of so many in a while. */
public final class FakeDiscord implements FakeChannels.Service {
  private final int limit;
  private final Duration window;
  private final InstantSource clock;
  private final Deque<Instant> bucket = new ArrayDeque<>();
  private final List<Map<String, Object>> shown = new ArrayList<>();
  private int limited;

  public FakeDiscord(int limit, Duration window, InstantSource clock) {
    this.limit = limit;
    this.window = window;
    this.clock = clock;
  }

  @Override
  public Canned answer(FakeChannels.Asked asked) {
    Instant now = clock.instant();
    while (!bucket.isEmpty() && !bucket.peekFirst().plus(window).isAfter(now)) {
      bucket.removeFirst();
    }
    String reset =
        bucket.isEmpty()
            ? Double.toString(window.toMillis() / 1000.0)
            : Double.toString(
                Duration.between(now, bucket.peekFirst().plus(window)).toMillis() / 1000.0);
    if (bucket.size() >= limit) {
      limited++;
      return Canned.of(
          429,
          Map.of("Retry-After", reset, "X-RateLimit-Scope", "user"),
          "{\"message\": \"You are being rate limited.\", \"retry_after\": %s, \"global\": false}"
              .formatted(reset));
    }
    Optional<String> mistake = mistake(asked);
    if (mistake.isPresent()) {
      return Canned.of(400, "{\"message\": \"%s\", \"code\": 50035}".formatted(mistake.get()));
    }
    bucket.addLast(now);
    return new Canned(
        200,
        Map.of(
            "X-RateLimit-Remaining",
            Integer.toString(limit - bucket.size()),
            "X-RateLimit-Reset-After",
            reset,
            "X-RateLimit-Bucket",
            "b1"),
        "{}",
        true,
        true);
  }

  @Override
  public void take(FakeChannels.Asked asked) {
    shown.add(asked.body());
  }

  /** What people see, message by message. */
  public List<Map<String, Object>> shown() {
    return List.copyOf(shown);
  }

  /** All embeds of all messages, in their order. */
  public List<Map<String, Object>> embeds() {
    return shown.stream().flatMap(message -> embeds(message).stream()).toList();
  }

  /** How often it was asked too early. */
  public int limited() {
    return limited;
  }

  @SuppressWarnings("unchecked") // of JSON, checked by what is done with it
  public static List<Map<String, Object>> embeds(Map<String, Object> message) {
    return (List<Map<String, Object>>) message.getOrDefault("embeds", List.of());
  }

  @SuppressWarnings("unchecked")
  private static Optional<String> mistake(FakeChannels.Asked asked) {
    if (!"wait=true".equals(asked.uri().getRawQuery())) {
      return Optional.of("the test wants to hear what became of it");
    }
    List<Map<String, Object>> embeds = embeds(asked.body());
    if (embeds.size() > 10 || (embeds.isEmpty() && !asked.body().containsKey("content"))) {
      return Optional.of("embeds");
    }
    if (!Map.of("parse", List.of()).equals(asked.body().get("allowed_mentions"))) {
      return Optional.of("the test wants nobody to be called");
    }
    int all = 0;
    Set<Object> addresses = new HashSet<>();
    for (Map<String, Object> embed : embeds) {
      if (embed.containsKey("url") && !addresses.add(embed.get("url"))) {
        return Optional.of("two embeds with one address");
      }
      all += length(embed.get("title"), 1, 256) + length(embed.get("description"), 0, 4096);
      for (Map<String, Object> field :
          (List<Map<String, Object>>) embed.getOrDefault("fields", List.of())) {
        all += length(field.get("name"), 1, 256) + length(field.get("value"), 1, 1024);
      }
      if (embed.get("footer") instanceof Map<?, ?> footer) {
        all += length(footer.get("text"), 0, 2048);
      }
    }
    return all > 6000 ? Optional.of("too much in all") : Optional.empty();
  }

  /** Where it is outside of the bounds, more than any message may have. */
  private static int length(Object text, int least, int most) {
    int length = text == null ? 0 : text.toString().length();
    return length < least || length > most ? 100_000 : length;
  }
}
