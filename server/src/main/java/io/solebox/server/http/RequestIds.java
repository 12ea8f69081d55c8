package io.solebox.server.http;

import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;

/** By which a request is called in its answer, in logs and in errors. */
final class RequestIds {
  static final String HEADER = "X-Request-Id";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,127}");

  private RequestIds() {}

  /**
   * The client's own where it is short and plain, so that it can stand in a log; else a new one.
   */
  static String of(HttpFields headers) {
    String given = headers.get(HEADER);
    return given != null && PLAIN.matcher(given).matches() ? given : made();
  }

  static String made() {
    return "req_" + UUID.randomUUID().toString().replace("-", "");
  }
}
