package io.solebox.store.pull.http;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Status and headers of an answer.
 *
 * @param uri what was asked in the end
 * @param headers names in lower case
 */
public record Head(URI uri, int status, Map<String, List<String>> headers) {
  /** One policy of the header {@code RateLimit}: {@code "resolvers";r=0;t=55}. */
  private static final Pattern RATE_LIMIT = Pattern.compile("r=(\\d{1,9})\\s*;\\s*t=(\\d{1,6})");

  private static final Pattern SECONDS = Pattern.compile("\\d{1,6}");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** The first header of a name in lower case. */
  public Optional<String> first(String name) {
    return headers.getOrDefault(name, List.of()).stream().findFirst();
  }

  /** Of the body; empty for a header that is no number, too. */
  public OptionalLong contentLength() {
    return number("content-length");
  }

  public OptionalLong number(String name) {
    return first(name)
        .filter(text -> NUMBER.matcher(text).matches())
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElseGet(OptionalLong::empty);
  }

  public boolean isRedirect() {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  /** What makes an entity tag comparable: without {@code W/} and quotes. */
  public static String plainTag(String etag) {
    String strong = etag.startsWith("W/") ? etag.substring(2) : etag;
    return strong.length() >= 2 && strong.startsWith("\"") && strong.endsWith("\"")
        ? strong.substring(1, strong.length() - 1)
        : strong;
  }

  /** The entity tag by which ranges of one state of the body can be asked for. */
  public Optional<String> strongTag() {
    return first("etag").filter(tag -> tag.startsWith("\"") && tag.endsWith("\""));
  }

  /**
   * How long to stay away, where the answer says so: to the end of the window of {@code RateLimit}
   * where nothing is left in it (draft-ietf-httpapi-ratelimit-headers), else {@code Retry-After} in
   * seconds.
   */
  public Optional<Duration> askedWait() {
    Optional<Matcher> limit =
        first("ratelimit").map(RATE_LIMIT::matcher).filter(Matcher::find).filter(Head::isUsedUp);
    if (limit.isPresent()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(limit.get().group(2)) + 1));
    }
    return first("retry-after")
        .filter(text -> SECONDS.matcher(text).matches())
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }

  private static boolean isUsedUp(Matcher limit) {
    return Long.parseLong(limit.group(1)) == 0;
  }
}
