package io.solebox.server.files;

import io.solebox.server.http.Problem;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Map;
import java.util.Optional;

/**
 * How long a file is kept, as OpenAI's clients say it: {@code {"anchor": "created_at", "seconds":
 * N}}.
 */
public final class Lifetime {
  private static final String ANCHOR = "created_at";
  private static final long LEAST = 3600;
  private static final long MOST = 30L * 24 * 3600;

  private Lifetime() {}

  /**
   * That of a form, where members have brackets.
   *
   * @return seconds; empty where it says nothing
   * @throws Problem 400
   */
  static Optional<Long> ofForm(Map<String, String> form, String name) {
    Optional<String> anchor = Optional.ofNullable(form.get(name + "[anchor]"));
    Optional<String> seconds = Optional.ofNullable(form.get(name + "[seconds]"));
    anchor.ifPresent(given -> requireAnchor(given, name + "[anchor]"));
    if (anchor.isPresent() && seconds.isEmpty()) {
      throw Params.missing(name + "[seconds]");
    }
    return seconds.map(given -> seconds(given, name + "[seconds]"));
  }

  private static long seconds(String given, String param) {
    try {
      return inRange(Long.parseLong(given), param);
    } catch (NumberFormatException e) {
      throw outOfRange(param);
    }
  }

  /**
   * That of a body.
   *
   * @param fields its members
   * @return seconds
   * @throws Problem 400
   */
  public static long of(Fields fields) {
    String anchor = fields.string("anchor").orElse(ANCHOR);
    requireAnchor(anchor, fields.param("anchor"));
    String param = fields.param("seconds");
    long seconds =
        inRange(fields.whole("seconds").orElseThrow(() -> Params.missing(param)).value(), param);
    fields.settle(false);
    return seconds;
  }

  private static void requireAnchor(String given, String param) {
    if (!given.equals(ANCHOR)) {
      throw Params.invalidValue(param, "'%s' must be '%s'.".formatted(param, ANCHOR));
    }
  }

  private static long inRange(long seconds, String param) {
    if (seconds < LEAST || seconds > MOST) {
      throw outOfRange(param);
    }
    return seconds;
  }

  private static Problem outOfRange(String param) {
    return Params.invalidValue(param, "It must be %d to %d seconds.".formatted(LEAST, MOST));
  }
}
