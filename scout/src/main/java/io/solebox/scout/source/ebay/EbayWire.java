package io.solebox.scout.source.ebay;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** One request and what its answer means, before anything of tokens and quotas. */
final class EbayWire {
  /** 200 things of a few kilobytes each are well below. */
  static final int MOST_BYTES = 8 << 20;

  static final JsonReader JSON = new JsonReader(new JsonLimits(MOST_BYTES, 50, 1 << 20, 500_000));

  private static final Duration LONGEST_ASKED = Duration.ofDays(1);
  private static final int MOST_SHOWN = 200;

  private final Outbound outbound;
  private final InstantSource clock;

  EbayWire(Outbound outbound, InstantSource clock) {
    this.outbound = outbound;
    this.clock = clock;
  }

  /**
   * Sends it once. Statuses of the 400s but 408 and 429 are refusals, with eBay's own words.
   *
   * @param backoff of what is asked: that one part of eBay answers says nothing of another
   */
  Answer send(Ask ask, Backoff backoff) throws InterruptedException {
    var body = new ByteArrayOutputStream();
    var begun = new AtomicReference<Head>();
    Head head;
    Optional<String> cut = Optional.empty();
    try {
      head = outbound.send(ask, start -> Optional.of(bytes -> take(body, begun, start, bytes)));
    } catch (IOException e) {
      String reason = "the answer broke off (" + why(e) + ")";
      if (begun.get() == null || begun.get().status() != 200) {
        return backoff.later(
            Optional.empty(),
            begun.get() == null ? "eBay cannot be reached (" + why(e) + ")" : reason);
      }
      head = begun.get();
      cut = Optional.of(reason);
    }
    return meaning(head, body.toByteArray(), cut, backoff);
  }

  private static boolean take(
      ByteArrayOutputStream body, AtomicReference<Head> begun, Head start, ByteBuffer bytes)
      throws IOException {
    begun.set(start);
    if (body.size() + bytes.remaining() > MOST_BYTES) {
      throw new IOException("longer than " + MOST_BYTES + " bytes");
    }
    byte[] some = new byte[bytes.remaining()];
    bytes.get(some);
    body.writeBytes(some);
    return true;
  }

  private Answer meaning(Head head, byte[] body, Optional<String> cut, Backoff backoff) {
    int status = head.status();
    if (status == 200 || status == 204) {
      if (body.length > 0 && first(body) != '{') {
        return backoff.later(Optional.empty(), "eBay answered with a page instead of JSON");
      }
      backoff.worked();
      return new Answer.Got(head, body, cut);
    }
    if (status == 429) {
      return new Answer.TooOften(
          backoff.failed(askedWait(head)), "eBay says that it is asked too often" + words(body));
    }
    if (Outbound.mayPass(status)) {
      return backoff.later(askedWait(head), "eBay answered with status " + status + words(body));
    }
    if (head.isRedirect()) {
      return new Answer.Closed(
          "what answers there is not eBay's interface: it sends us elsewhere",
          "See the address of the interface in the settings, and the proxy.");
    }
    if (body.length > 0 && first(body) != '{') {
      return backoff.later(
          Optional.empty(), "something before eBay refuses, with status " + status + " and a page");
    }
    String words = words(body);
    return new Answer.Refused(status, !words.isEmpty(), "status " + status + words);
  }

  private static String why(IOException e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }

  private static int first(byte[] body) {
    for (byte b : body) {
      if (b > ' ') {
        return b;
      }
    }
    return 0;
  }

  /** {@code Retry-After} in seconds or as a date; a day at most. */
  private Optional<Duration> askedWait(Head head) {
    Optional<Duration> wait =
        head.askedWait().or(() -> head.first("retry-after").flatMap(this::untilDate));
    return wait.map(asked -> asked.compareTo(LONGEST_ASKED) > 0 ? LONGEST_ASKED : asked);
  }

  private Optional<Duration> untilDate(String text) {
    return date(text)
        .map(at -> Duration.between(clock.instant(), at.toInstant()))
        .filter(wait -> !wait.isNegative());
  }

  static Optional<ZonedDateTime> date(String text) {
    try {
      return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** What eBay says of an error: {@code errors[0].message}, or {@code error} of its tokens. */
  private static String words(byte[] body) {
    try {
      Map<String, Object> whole = JSON.readObject(body);
      Optional<String> said =
          whole.get("errors") instanceof List<?> errors
                  && !errors.isEmpty()
                  && errors.getFirst() instanceof Map<?, ?> error
              ? Optional.of(error.get("message") + " (" + error.get("errorId") + ")")
              : Optional.ofNullable(whole.get("error")).map(Object::toString);
      return said.map(text -> ": " + cut(text.replaceAll("[\\p{Cc}\\p{Cf}]+", " "))).orElse("");
    } catch (JsonException e) {
      return "";
    }
  }

  private static String cut(String text) {
    return text.codePointCount(0, text.length()) <= MOST_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, MOST_SHOWN)) + "…";
  }
}
