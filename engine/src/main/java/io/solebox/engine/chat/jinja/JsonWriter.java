package io.solebox.engine.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Python's {@code json.dumps}, which is what transformers' {@code tojson} filter calls. Brackets,
 * quotes and digits are plain: the caller's values decide on them.
 */
final class JsonWriter {
  private static final int MAX_DEPTH = 150;

  private static final Text SPACE = Text.plain(" ");

  /**
   * @param indent one level of indentation; absent for one line
   */
  record Style(
      boolean ensureAscii,
      Optional<Text> indent,
      Text itemSeparator,
      Text keySeparator,
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
    Optional<Text> indent =
        switch (Markup.plain(bound.or(1, null))) {
          case null -> Optional.empty();
          case Text text -> Optional.of(text);
          default -> {
            long width = Math.clamp(bound.integer(1), 0, Integer.MAX_VALUE);
            yield Optional.of(new BoundedText(context.budget()).repeat(SPACE, width).toText());
          }
        };
    Text itemSeparator = Text.plain(indent.isPresent() ? "," : ", ");
    Text keySeparator = Text.plain(": ");
    if (bound.or(2, null) instanceof List<?> pair
        && pair.size() == 2
        && Markup.plain(pair.get(0)) instanceof Text item
        && Markup.plain(pair.get(1)) instanceof Text key) {
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

  static Text write(Budget budget, Object value, Style style) {
    JsonWriter writer = new JsonWriter(budget, style);
    writer.write(value);
    return writer.out.toText();
  }

  private void write(Object value) {
    budget.steps(1);
    switch (value) {
      case null -> out.plain("null");
      case Text text -> string(text);
      case Markup markup -> string(markup.text());
      case Boolean truth -> out.plain(truth ? "true" : "false");
      case Long number -> out.plain(number.toString());
      case BigInteger number -> out.plain(number.toString());
      case Double number -> out.plain(floating(number));
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
      out.plain("[]");
      return;
    }
    out.plain("[");
    descend();
    for (int i = 0; i < list.size(); i++) {
      separate(i == 0);
      write(list.get(i));
    }
    ascend();
    out.plain("]");
  }

  private void object(Map<?, ?> map) {
    if (map.isEmpty()) {
      out.plain("{}");
      return;
    }
    List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
    if (style.sortKeys()) {
      entries.sort((a, b) -> Compare.order(budget, Expr.Comparator.LESS, a.getKey(), b.getKey()));
    }
    out.plain("{");
    descend();
    for (int i = 0; i < entries.size(); i++) {
      separate(i == 0);
      string(key(entries.get(i).getKey()));
      out.append(style.keySeparator());
      write(entries.get(i).getValue());
    }
    ascend();
    out.plain("}");
  }

  private static Text key(Object key) {
    return switch (key) {
      case null -> Text.plain("null");
      case Text text -> text;
      case Boolean truth -> Text.plain(truth ? "true" : "false");
      case Double number -> Text.plain(floating(number));
      default -> Text.plain(key.toString());
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
    style.indent().ifPresent(indent -> out.plain("\n").repeat(indent, depth));
  }

  private void string(Text text) {
    out.plain("\"");
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = c >= ' ' && c != '"' && c != '\\' && (c < 0x7f || !style.ensureAscii());
      if (!plain) {
        out.append(text, plainFrom, i).append(escaped(c), text, i);
        plainFrom = i + 1;
      }
    }
    out.append(text, plainFrom, text.length()).plain("\"");
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
