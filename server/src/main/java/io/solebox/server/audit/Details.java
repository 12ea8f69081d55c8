package io.solebox.server.audit;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.audit.Recorded.Readable;
import io.solebox.server.audit.Recorded.Unreadable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The details of entries as the text that stands in the table, and entries read back. */
final class Details {
  private static final JsonWriter WRITER = new JsonWriter();
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);

  private Details() {}

  /** A JSON object on one line, names in order. */
  static String text(Map<String, String> details) {
    return WRITER.text(details);
  }

  /**
   * What stands in a row. Its details must be the very text that {@link #text} makes of them, so
   * that nothing in the row can be other than what was hashed.
   *
   * @param words action, actor, subject
   */
  static Recorded recorded(long seq, long at, String[] words, String details, byte[] digest) {
    try {
      Map<String, String> read = new TreeMap<>();
      if (!(READER.read(details.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> members)) {
        return new Unreadable(seq, "its details are no object");
      }
      members.forEach((name, value) -> read.put(String.valueOf(name), String.valueOf(value)));
      if (!text(read).equals(details)) {
        return new Unreadable(seq, "its details are not as the log writes them");
      }
      return recorded(seq, at, words, read, digest);
    } catch (JsonException e) {
      return new Unreadable(seq, "its details are no JSON");
    }
  }

  /**
   * @param words action, actor, subject
   */
  static Recorded recorded(
      long seq, long at, String[] words, Map<String, String> details, byte[] digest) {
    try {
      Entry entry = new Entry(words[0], words[1], words[2], details);
      return new Readable(new Link(seq, at, entry, digest));
    } catch (IllegalArgumentException e) {
      return new Unreadable(seq, "it has " + e.getMessage());
    }
  }
}
