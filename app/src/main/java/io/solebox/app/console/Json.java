package io.solebox.app.console;

import io.solebox.engine.error.Printable;
import io.solebox.engine.json.JsonWriter;
import java.util.Locale;

/** Plain values as one line of JSON that a terminal may show. */
public final class Json {
  private Json() {}

  /** See {@link JsonWriter#writeValue} for the values. */
  public static String text(Object value) {
    return escaped(new JsonWriter().text(value));
  }

  /** JSON lets some characters stand that command terminals; they can only stand in strings. */
  private static String escaped(String json) {
    var escaped = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (Printable.acts(c)) {
        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
