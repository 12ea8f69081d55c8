package io.solebox.server.http;

import io.solebox.server.limits.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How an API's answers tell what is left of the limits of who asked. */
@FunctionalInterface
public interface LimitHeaders {
  /** Headers by name; none for limits that there are not. */
  Map<String, String> of(Standing standing, Instant now);

  /** As OpenAI has them; most other servers, and their clients, use the same. */
  LimitHeaders OPENAI =
      (standing, now) -> {
        Map<String, String> headers = new LinkedHashMap<>();
        standing.requests().ifPresent(rate -> openAi(headers, "requests", rate));
        standing.tokens().ifPresent(rate -> openAi(headers, "tokens", rate));
        return headers;
      };

  /** As Anthropic has them. */
  LimitHeaders ANTHROPIC =
      (standing, now) -> {
        Map<String, String> headers = new LinkedHashMap<>();
        standing.requests().ifPresent(rate -> anthropic(headers, "requests", rate, now));
        standing.tokens().ifPresent(rate -> anthropic(headers, "tokens", rate, now));
        return headers;
      };

  private static void openAi(Map<String, String> headers, String what, Standing.Rate rate) {
    headers.put("x-ratelimit-limit-" + what, Long.toString(rate.limit()));
    headers.put("x-ratelimit-remaining-" + what, Long.toString(rate.left()));
    headers.put("x-ratelimit-reset-" + what, duration(rate.untilFull()));
  }

  private static void anthropic(
      Map<String, String> headers, String what, Standing.Rate rate, Instant now) {
    String prefix = "anthropic-ratelimit-" + what + "-";
    headers.put(prefix + "limit", Long.toString(rate.limit()));
    headers.put(prefix + "remaining", Long.toString(rate.left()));
    Instant reset = now.plus(rate.untilFull()).plusMillis(999).truncatedTo(ChronoUnit.SECONDS);
    headers.put(prefix + "reset", reset.toString());
  }

  /** As in {@code 1h0m2s}, {@code 6m0s}, {@code 1.5s}, {@code 20ms}. */
  private static String duration(Duration time) {
    long millis = time.plusNanos(999_999).toMillis();
    if (millis < 1000) {
      return millis + "ms";
    }
    long hours = millis / 3_600_000;
    long minutes = millis / 60_000 % 60;
    String front = hours > 0 ? hours + "h" + minutes + "m" : minutes > 0 ? minutes + "m" : "";
    long rest = millis % 60_000;
    String seconds =
        rest % 1000 == 0
            ? Long.toString(rest / 1000)
            : String.format(Locale.ROOT, "%d.%03d", rest / 1000, rest % 1000);
    return front + seconds + "s";
  }
}
