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
  private static final Pattern ERROR_IN_STREAM =
      Pattern.compile(
          "^(event: (error|response\\.failed)$|(data: ?)?\\{\"error\":)", Pattern.MULTILINE);

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /**
   * Whether a stream ends with an error behind its good status: as an event of OpenAI's or
   * Anthropic's streams, as a failed response, or as a line of Ollama's.
   */
  boolean brokenOff() {
    return status == 200 && ERROR_IN_STREAM.matcher(text()).find();
  }

  /** The first member of this name that is a text; answers begin with their own id. */
  String member(String name) {
    Matcher found =
        Pattern.compile("\"" + Pattern.quote(name) + "\":\\s*\"([^\"]*)\"").matcher(text());
    return found.find() ? found.group(1) : "";
  }

  /** The beginning and the end, on one line. */
  String shown() {
    String text = text().replaceAll("\\s+", " ");
    if (text.length() > 2 * SHOWN) {
      text = text.substring(0, SHOWN) + " ... " + text.substring(text.length() - SHOWN);
    }
    return status + " " + text;
  }
}
