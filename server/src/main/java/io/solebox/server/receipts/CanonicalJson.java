package io.solebox.server.receipts;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The one text of a value, whatever the order of its members: the JSON Canonicalization Scheme (RFC
 * 8785) of strings, whole numbers, booleans, arrays, and objects with names in ASCII. What such
 * values leave out, fractions above all, is where canonical texts go wrong; receipts write them as
 * strings.
 */
final class CanonicalJson {
  /** Whole numbers beyond are not the same in every language (RFC 7493). */
  private static final long MOST = (1L << 53) - 1;

  private CanonicalJson() {}

  /**
   * In UTF-8; empty where something else is in it.
   *
   * @param value as {@link io.solebox.engine.json.JsonReader} reads it
   */
  static Optional<byte[]> of(Object value) {
    StringBuilder out = new StringBuilder();
    return write(value, out)
        ? Optional.of(out.toString().getBytes(StandardCharsets.UTF_8))
        : Optional.empty();
  }

  private static boolean write(Object value, StringBuilder out) {
    return switch (value) {
      case null -> false;
      case String text -> string(text, out);
      case Boolean flag -> {
        out.append(flag);
        yield true;
      }
      case Integer number -> whole(number, out);
      case Long number -> whole(number, out);
      case List<?> list -> list(list, out);
      case Map<?, ?> map -> map(map, out);
      case Object _ -> false;
    };
  }

  private static boolean whole(long number, StringBuilder out) {
    out.append(number);
    return Math.abs(number) <= MOST;
  }

  private static boolean list(List<?> list, StringBuilder out) {
    boolean fine = true;
    String before = "[";
    for (Object item : list) {
      out.append(before);
      fine &= write(item, out);
      before = ",";
    }
    out.append(list.isEmpty() ? "[]" : "]");
    return fine;
  }

  private static boolean map(Map<?, ?> map, StringBuilder out) {
    boolean fine = true;
    String before = "{";
    var sorted = new TreeMap<String, Object>();
    map.forEach((name, value) -> sorted.put((String) name, value));
    for (var member : sorted.entrySet()) {
      out.append(before);
      fine &= member.getKey().chars().allMatch(c -> c < 0x80) && string(member.getKey(), out);
      out.append(':');
      fine &= write(member.getValue(), out);
      before = ",";
    }
    out.append(map.isEmpty() ? "{}" : "}");
    return fine;
  }

  private static boolean string(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> out.append(c < ' ' ? "\\u%04x".formatted((int) c) : String.valueOf(c));
      }
    }
    out.append('"');
    return StandardCharsets.UTF_8.newEncoder().canEncode(text); // half a surrogate pair is no text
  }
}
