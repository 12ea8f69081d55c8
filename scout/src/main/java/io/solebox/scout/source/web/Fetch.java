package io.solebox.scout.source.web;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.http.Redirects;
import io.solebox.store.pull.http.Secret;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;

/**
 * Fetches documents from one site by conditional requests. Addresses may be secrets: what went
 * wrong is said without them.
 */
public final class Fetch {
  /** Of one document; feeds and lists of shops are far shorter. */
  private static final int MOST_BYTES = 8 << 20;

  private static final int MOST_REDIRECTS = 5;
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private final Outbound outbound;
  private final InstantSource clock;
  private final Optional<Secret> secret;
  private final String accept;
  private Optional<Duration> clockBehind = Optional.empty();

  /**
   * @param secret for the host that is asked alone
   * @param accept what is understood, as of the header
   */
  public Fetch(Outbound outbound, InstantSource clock, Optional<Secret> secret, String accept) {
    this.outbound = outbound;
    this.clock = clock;
    this.secret = secret;
    this.accept = accept;
  }

  /** By what a site tells whether a document is another one; kept in memory alone. */
  public record Version(Optional<String> tag, Optional<String> modified) {
    public static final Version NONE = new Version(Optional.empty(), Optional.empty());
  }

  /** What came of it. */
  public sealed interface Answer {
    /**
     * @param type as of the header
     * @param from the address that answered in the end
     */
    record Fresh(byte[] body, Optional<String> type, Version version, URI from, List<String> notes)
        implements Answer {
      public Fresh {
        notes = List.copyOf(notes);
      }
    }

    /** The document is that of the version. */
    record Unchanged() implements Answer {}

    /**
     * @param pause as the site has said; zero where it has not
     */
    record Failed(Duration pause, String reason) implements Answer {}

    record Closed(String reason, String remedy) implements Answer {}
  }

  /** Fetches one document, if it is another than that of the version. */
  public Answer get(URI address, Version known) throws InterruptedException {
    Ask ask = Ask.get(address).with("Accept", accept).with(secret);
    if (known.tag().isPresent()) {
      ask = ask.with("If-None-Match", known.tag().get());
    }
    if (known.modified().isPresent()) {
      ask = ask.with("If-Modified-Since", known.modified().get());
    }
    try {
      return follow(ask);
    } catch (IOException e) {
      return new Answer.Failed(Duration.ZERO, "no whole answer came: " + kind(e));
    } catch (SoleboxException e) {
      return new Answer.Closed(e.getMessage(), e.remedy());
    }
  }

  /** The text of an exception may show the address. */
  private static String kind(IOException e) {
    return e.getMessage() != null && e.getMessage().startsWith("the answer is longer")
        ? e.getMessage()
        : e.getClass().getSimpleName();
  }

  private Answer follow(Ask first) throws IOException, InterruptedException {
    Ask ask = first;
    boolean moved = false;
    for (int hops = 0; hops <= MOST_REDIRECTS; hops++) {
      Outbound.Reply reply = outbound.once(ask, MOST_BYTES);
      clockBehind = behind(reply);
      Optional<String> location = reply.head().first("location");
      if (!reply.head().isRedirect() || location.isEmpty()) {
        return answer(reply, moved);
      }
      moved |= reply.head().status() == 301 || reply.head().status() == 308;
      ask = ask.redirected(Redirects.target(ask.uri(), location.get()));
    }
    return new Answer.Failed(Duration.ZERO, "it sends on and on");
  }

  private Answer answer(Outbound.Reply reply, boolean moved) {
    int status = reply.head().status();
    return switch (status) {
      case 200 ->
          new Answer.Fresh(
              reply.body(),
              reply.head().first("content-type"),
              new Version(reply.head().first("etag"), reply.head().first("last-modified")),
              reply.head().uri(),
              moved ? List.of("It has moved for good; write its new address.") : List.of());
      case 304 -> new Answer.Unchanged();
      case 401, 407 ->
          new Answer.Closed(
              "it wants to know who asks (status " + status + ")",
              "See whether its address or token is still the right one.");
      case 410 ->
          new Answer.Closed("it is gone for good (status 410)", "Take it out of the settings.");
      default -> new Answer.Failed(pause(reply), "it answers with status " + status);
    };
  }

  /**
   * How far this machine's clock is behind that of who answered last, below zero where it is ahead;
   * empty where that is not said.
   */
  public Optional<Duration> clockBehind() {
    return clockBehind;
  }

  /** What was kept on the way says an older time. */
  private Optional<Duration> behind(Outbound.Reply reply) {
    return reply.head().first("age").isPresent()
        ? Optional.empty()
        : reply.head().first("date").flatMap(this::until);
  }

  private Duration pause(Outbound.Reply reply) {
    return reply
        .head()
        .askedWait()
        .or(() -> reply.head().first("retry-after").flatMap(this::until))
        .filter(wait -> !wait.isNegative())
        .map(wait -> wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait)
        .orElse(Duration.ZERO);
  }

  /** A header may name a moment instead of seconds: RFC 9110, 10.2.3. */
  private Optional<Duration> until(String date) {
    try {
      Instant at = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(Duration.between(clock.instant(), at));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
