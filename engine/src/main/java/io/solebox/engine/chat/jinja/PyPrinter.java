package io.solebox.engine.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Python's {@code str} and {@code repr}. What they write around texts, and digits, are plain: the
 * caller's values decide on them.
 */
final class PyPrinter {
  private static final int MAX_DEPTH = 150;
  private static final HexFormat HEX = HexFormat.of();

  private final BoundedText out;
  private int depth;

  private PyPrinter(BoundedText out) {
    this.out = out;
  }

  static Text str(Budget budget, Object value) {
    return switch (value) {
      case Text text -> text;
      case Markup markup -> markup.text();
      case Undefined undefined -> Text.EMPTY;
      case null, default -> repr(budget, value);
    };
  }

  static Text repr(Budget budget, Object value) {
    BoundedText out = new BoundedText(budget);
    new PyPrinter(out).print(value);
    return out.toText();
  }

  private void print(Object value) {
    if (++depth > MAX_DEPTH) {
      throw new TemplateFailure("a value nests too deeply to be printed");
    }
    switch (value) {
      case null -> out.plain("None");
      case Text text -> quoted(text);
      case Markup markup -> {
        out.plain("Markup(");
        quoted(markup.text());
        out.plain(")");
      }
      case Boolean truth -> out.plain(truth ? "True" : "False");
      case Long number -> out.plain(number.toString());
      case BigInteger number -> out.plain(number.toString());
      case Double number -> out.plain(floating(number));
      case Range range -> out.plain(range.repr());
      case Tuple tuple -> items("(", tuple, tuple.size() == 1 ? ",)" : ")");
      case List<?> list -> items("[", list, "]");
      case Map<?, ?> map -> entries(map);
      case DictView view -> items(view.kind() + "([", view.items(), "])");
      case Undefined undefined -> out.plain("Undefined");
      case Namespace namespace -> {
        out.plain("<Namespace ");
        entries(namespace.attributes());
        out.plain(">");
      }
      case MacroFunction macro -> {
        out.plain("<Macro ");
        quoted(Text.plain(macro.name()));
        out.plain(">");
      }
      case LoopState loop ->
          out.plain("<LoopContext " + (loop.index0() + 1) + "/" + loop.length() + ">");
      default -> out.plain("<" + Values.typeName(value) + " object>");
    }
    depth--;
  }

  private void items(String open, List<?> items, String close) {
    out.plain(open);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.plain(", ");
      }
      print(items.get(i));
    }
    out.plain(close);
  }

  private void entries(Map<?, ?> map) {
    out.plain("{");
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        out.plain(", ");
      }
      first = false;
      print(entry.getKey());
      out.plain(": ");
      print(entry.getValue());
    }
    out.plain("}");
  }

  private void quoted(Text text) {
    String chars = text.string();
    boolean doubleQuotes = chars.indexOf('\'') >= 0 && chars.indexOf('"') < 0;
    char quote = doubleQuotes ? '"' : '\'';
    out.plain(String.valueOf(quote));
    for (int i = 0; i < chars.length(); ) {
      int c = chars.codePointAt(i);
      out.append(escaped(c, quote), text, i);
      i += Character.charCount(c);
    }
    out.plain(String.valueOf(quote));
  }

  private static String escaped(int c, char quote) {
    return switch (c) {
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\\' -> "\\\\";
      default -> {
        if (c == quote) {
          yield "\\" + quote;
        }
        if (c == ' ' || isPrintable(c)) {
          yield Character.toString(c);
        }
        yield c < 0x100
            ? "\\x" + HEX.toHexDigits((byte) c)
            : c < 0x10000 ? "\\u" + HEX.toHexDigits((char) c) : "\\U" + HEX.toHexDigits(c);
      }
    };
  }

  static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SPACE_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The shortest digits that give the number back; an exponent below 1e-4 and from 1e16. */
  static String floating(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0.0" : "0.0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(Math.abs(value))).stripTrailingZeros();
    String digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - decimal.scale() - 1;
    String sign = value < 0 ? "-" : "";
    if (exponent < -4 || exponent >= 16) {
      String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
      String size = Math.abs(exponent) < 10 ? "0" : "";
      return sign
          + digits.charAt(0)
          + fraction
          + "e"
          + (exponent < 0 ? "-" : "+")
          + size
          + Math.abs(exponent);
    }
    String plain = decimal.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }
}
