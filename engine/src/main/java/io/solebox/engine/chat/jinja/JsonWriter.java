package io.solebox.engine.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Python's {@code json.dumps}, which is what transformers' {@code tojson} filter calls. */
final class JsonWriter {
  private static final int MAX_DEPTH = 150;

  /**
   * @param indent one level of indentation; absent for one line
   */
  record Style(
      boolean ensureAscii,
      Optional<String> indent,
      String itemSeparator,
      String keySeparator,
      boolean sortKeys) {}

  private final Budget budget;
  private final Style style;
  private final BoundedText out;
  private int depth;

  private JsonWriter(Budget budget, Style style) {
    this.budget = budget;
    this.style = style;
    this.out = new BoundedText(budget);
  }

  /** The filter: {@code value | tojson(ensure_ascii, indent, separators, sort_keys)}. */
  static Object filter(RenderContext context, Object value, Arguments arguments) {
    Arguments.Bound bound =
        arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Optional<String> indent =
        switch (Markup.plain(bound.or(1, null))) {
          case null -> Optional.empty();
          case String text -> Optional.of(text);
          default -> {
            long width = Math.clamp(bound.integer(1), 0, Integer.MAX_VALUE);
            yield Optional.of(new BoundedText(context.budget()).repeat(" ", width).toString());
          }
        };
    String itemSeparator = indent.isPresent() ? "," : ", ";
    String keySeparator = ": ";
    if (bound.or(2, null) instanceof List<?> pair
        && pair.size() == 2
        && Markup.plain(pair.get(0)) instanceof String item
        && Markup.plain(pair.get(1)) instanceof String key) {
      itemSeparator = item;
      keySeparator = key;
    } else if (bound.or(2, null) != null) {
      throw new TemplateFailure("tojson() needs two strings as 'separators'");
    }
    Style style =
        new Style(
            bound.truthOr(0, false), indent, itemSeparator, keySeparator, bound.truthOr(3, false));
    return write(context.budget(), value, style);
  }

  static String write(Budget budget, Object value, Style style) {
    JsonWriter writer = new JsonWriter(budget, style);
    writer.write(value);
    return writer.out.toString();
  }

  private void write(Object value) {
    budget.steps(1);
    switch (value) {
      case null -> out.append("null");
      case String text -> string(text);
      case Markup markup -> string(markup.text());
      case Boolean truth -> out.append(truth ? "true" : "false");
      case Long number -> out.append(number.toString());
      case BigInteger number -> out.append(number.toString());
      case Double number -> out.append(floating(number));
      case Range range -> throw notSerializable(range);
      case List<?> list -> array(list);
      case Map<?, ?> map -> object(map);
      default -> throw notSerializable(value);
    }
  }

  private static TemplateFailure notSerializable(Object value) {
    return new TemplateFailure(
        "Object of type " + Values.typeName(value) + " is not JSON serializable");
  }

  private static String floating(double number) {
    if (Double.isNaN(number)) {
      return "NaN";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "Infinity" : "-Infinity";
    }
    return PyPrinter.floating(number);
  }

  private void array(List<?> list) {
    if (list.isEmpty()) {
      out.append("[]");
      return;
    }
    out.append('[');
    descend();
    for (int i = 0; i < list.size(); i++) {
      separate(i == 0);
      write(list.get(i));
    }
    ascend();
    out.append(']');
  }

  private void object(Map<?, ?> map) {
    if (map.isEmpty()) {
      out.append("{}");
      return;
    }
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (style.sortKeys()) {
      entries.sort((a, b) -> Compare.order(budget, Expr.Comparator.LESS, a.getKey(), b.getKey()));
    }
    out.append('{');
    descend();
    for (int i = 0; i < entries.size(); i++) {
      separate(i == 0);
      string(key(entries.get(i).getKey()));
      out.append(style.keySeparator());
      write(entries.get(i).getValue());
    }
    ascend();
    out.append('}');
  }

  private static String key(Object key) {
    return switch (key) {
      case null -> "null";
      case String text -> text;
      case Boolean truth -> truth ? "true" : "false";
      case Double number -> floating(number);
      default -> key.toString();
    };
  }

  private void descend() {
    if (++depth > MAX_DEPTH) {
      throw new TemplateFailure("a value nests too deeply for JSON");
    }
  }

  private void ascend() {
    depth--;
    newline();
  }

  private void separate(boolean first) {
    if (!first) {
      out.append(style.itemSeparator());
    }
    newline();
  }

  private void newline() {
    style.indent().ifPresent(indent -> out.append("\n").repeat(indent, depth));
  }

  private void string(String text) {
    out.append('"');
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || !style.ensureAscii());
      if (!plain) {
        out.append(text, plainFrom, i).append(escaped(c));
        plainFrom = i + 1;
      }
    }
    out.append(text, plainFrom, text.length()).append('"');
  }

  private static String escaped(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> "\\u" + HexFormat.of().toHexDigits(c);
    };
  }
}
