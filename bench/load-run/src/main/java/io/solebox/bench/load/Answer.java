package io.solebox.bench.load;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server answered.
 *
 * @param whole false where the client left in the middle
 * @param reusable whether the connection can take another request
 */
record Answer(int status, byte[] body, boolean whole, boolean reusable) {
  private static final int SHOWN = 300;

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** The first member of this name that is a text; answers begin with their own id. */
  String member(String name) {
    Matcher found =
        Pattern.compile("\"" + Pattern.quote(name) + "\":\\s*\"([^\"]*)\"").matcher(text());
    return found.find() ? found.group(1) : "";
  }

  /** The beginning, on one line. */
  String shown() {
    String text = text().replaceAll("\\s+", " ");
    return status + " " + text.substring(0, Math.min(SHOWN, text.length()));
  }
}
