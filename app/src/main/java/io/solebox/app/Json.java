package io.solebox.app;

import io.solebox.engine.json.JsonWriter;
import java.util.regex.Pattern;

/** Plain values as one line of JSON that a terminal may show. */
final class Json {
  private static final Pattern CONTROLS = Pattern.compile("[\\x7f-\\x9f]");

  private Json() {}

  /** See {@link JsonWriter#writeValue} for the values. */
  static String text(Object value) {
    return withoutControls(new JsonWriter().text(value));
  }

  /** JSON allows DEL and the controls behind it inside strings; terminals obey some of them. */
  private static String withoutControls(String json) {
    return CONTROLS
        .matcher(json)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }
}
