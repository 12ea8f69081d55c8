package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.Schema.Kind;
import java.util.Optional;

/**
 * A value written without quotes, as JSON. What may be text only goes out as it comes. Everything
 * else waits until it is complete: it is what it says as JSON, or text if it is no JSON. What may
 * be text or something else is JSON only where it is of a kind that the schema names, and goes out
 * as text as soon as it can be nothing else.
 */
final class TypedValue {
  private final Schema schema;
  private final StringBuilder held = new StringBuilder();
  private final JsonScanner scanner = new JsonScanner();
  private JsonScanner.State state = JsonScanner.State.OPEN;
  private boolean text;
  private boolean began;

  /** Whether nothing but white space has come. */
  private boolean blank = true;

  /** Whether what it begins with is of a kind that it may be. */
  private boolean mayBeJson = true;

  TypedValue(Schema schema) {
    this.schema = schema;
    this.text = schema.isText();
  }

  /** Takes more of the value. */
  void accept(char c, StringBuilder out) {
    if (text) {
      begin(out);
      JsonStrings.append(c, out);
      return;
    }
    if (blank && !Character.isWhitespace(c)) {
      blank = false;
      mayBeJson = schema.readAsJson().contains(Kind.beginningWith(c));
    }
    held.append(c);
    if (state != JsonScanner.State.INVALID) {
      state = scanner.accept(c);
    }
    boolean isJson = mayBeJson && state != JsonScanner.State.INVALID;
    if (schema.mayBe(Kind.STRING) && !isJson) {
      becomeText(out);
    }
  }

  private void becomeText(StringBuilder out) {
    text = true;
    begin(out);
    held.chars().forEach(c -> JsonStrings.append((char) c, out));
    held.setLength(0);
  }

  private void begin(StringBuilder out) {
    if (!began) {
      out.append('"');
      began = true;
    }
  }

  /** The value is complete. */
  void finish(StringBuilder out) {
    if (!text) {
      Optional<String> value = json();
      if (value.isPresent()) {
        out.append(value.get());
        return;
      }
      becomeText(out);
    }
    begin(out);
    out.append('"');
  }

  private Optional<String> json() {
    String value = held.toString().strip();
    if (state == JsonScanner.State.OPEN) {
      state = scanner.accept(' '); // a number is complete only there
    }
    if (state == JsonScanner.State.COMPLETE) {
      boolean json = schema.readAsJson().contains(Kind.beginningWith(value.charAt(0)));
      return json ? Optional.of(JsonStrings.escapeControls(value)) : Optional.empty();
    }
    return switch (value) {
      case "True" -> word("true", Kind.BOOLEAN);
      case "False" -> word("false", Kind.BOOLEAN);
      case "None" -> word("null", Kind.NULL);
      default -> Optional.empty();
    };
  }

  /** Python's word, where JSON's may stand. */
  private Optional<String> word(String word, Kind kind) {
    return schema.mayBe(kind) ? Optional.of(word) : Optional.empty();
  }
}
