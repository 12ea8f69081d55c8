package io.solebox.scout.fake;

import java.util.Map;

/**
 * An answer that a fake gives in place of its own.
 *
 * @param takes whether what was sent arrives all the same
 * @param answers whether the answer arrives, or the connection ends
 */
public record Canned(
    int status, Map<String, String> headers, String body, boolean takes, boolean answers) {
  public static Canned of(int status, String body) {
    return new Canned(status, Map.of(), body, false, true);
  }

  public static Canned of(int status, Map<String, String> headers, String body) {
    return new Canned(status, headers, body, false, true);
  }

  /** It arrives, and nobody hears of it. */
  public static Canned lost() {
    return new Canned(200, Map.of(), "", true, false);
  }
}
