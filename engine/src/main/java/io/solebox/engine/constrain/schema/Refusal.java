package io.solebox.engine.constrain.schema;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/** Says why a schema is not taken, with the JSON pointer of the keyword. */
final class Refusal {
  private static final int MAX_POINTER = 300;
  private static final int MAX_TEXT = 60;

  private Refusal() {}

  /** What is there means nothing. */
  static SoleboxException malformed(String pointer, String message) {
    return of(pointer, message, "Correct the schema.");
  }

  /** What is there means something that cannot be promised. */
  static SoleboxException unsupported(String pointer, String message) {
    return of(pointer, message, "Leave it out, or say it in another way.");
  }

  /** What is there takes too much. */
  static SoleboxException tooMuch(String pointer, String message) {
    return of(pointer, message, "Make this part of the schema simpler.");
  }

  static SoleboxException of(String pointer, String message, String remedy) {
    String place =
        pointer.length() > MAX_POINTER ? pointer.substring(0, MAX_POINTER) + "..." : pointer;
    return new SoleboxException(ErrorCode.BAD_GRAMMAR, place, message, remedy);
  }

  /** A text of the schema, as far as a message needs it. */
  static String quoted(String text) {
    int end = text.offsetByCodePoints(0, Math.min(MAX_TEXT, text.codePointCount(0, text.length())));
    return "'" + text.substring(0, end) + (end < text.length() ? "...'" : "'");
  }

  static String step(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }
}
