package io.solebox.engine.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Python's {@code str} and {@code repr}. */
final class PyPrinter {
  private static final int MAX_DEPTH = 150;
  private static final HexFormat HEX = HexFormat.of();

  private final BoundedText out;
  private int depth;

  private PyPrinter(BoundedText out) {
    this.out = out;
  }

  static String str(Budget budget, Object value) {
    return switch (value) {
      case String text -> text;
      case Markup markup -> markup.text();
      case Undefined undefined -> "";
      case null, default -> repr(budget, value);
    };
  }

  static String repr(Budget budget, Object value) {
    BoundedText out = new BoundedText(budget);
    new PyPrinter(out).print(value);
    return out.toString();
  }

  private void print(Object value) {
    if (++depth > MAX_DEPTH) {
      throw new TemplateFailure("a value nests too deeply to be printed");
    }
    switch (value) {
      case null -> out.append("None");
      case String text -> quoted(text);
      case Markup markup -> {
        out.append("Markup(");
        quoted(markup.text());
        out.append(")");
      }
      case Boolean truth -> out.append(truth ? "True" : "False");
      case Long number -> out.append(number.toString());
      case BigInteger number -> out.append(number.toString());
      case Double number -> out.append(floating(number));
      case Range range -> out.append(range.repr());
      case Tuple tuple -> items("(", tuple, tuple.size() == 1 ? ",)" : ")");
      case List<?> list -> items("[", list, "]");
      case Map<?, ?> map -> entries(map);
      case DictView view -> items(view.kind() + "([", view.items(), "])");
      case Undefined undefined -> out.append("Undefined");
      case Namespace namespace -> {
        out.append("<Namespace ");
        entries(namespace.attributes());
        out.append(">");
      }
      case MacroFunction macro -> {
        out.append("<Macro ");
        quoted(macro.name());
        out.append(">");
      }
      case LoopState loop ->
          out.append("<LoopContext " + (loop.index0() + 1) + "/" + loop.length() + ">");
      default -> out.append("<" + Values.typeName(value) + " object>");
    }
    depth--;
  }

  private void items(String open, List<?> items, String close) {
    out.append(open);
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        out.append(", ");
      }
      print(items.get(i));
    }
    out.append(close);
  }

  private void entries(Map<?, ?> map) {
    out.append("{");
    boolean first = true;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!first) {
        out.append(", ");
      }
      first = false;
      print(entry.getKey());
      out.append(": ");
      print(entry.getValue());
    }
    out.append("}");
  }

  private void quoted(String text) {
    boolean doubleQuotes = text.indexOf('\'') >= 0 && text.indexOf('"') < 0;
    char quote = doubleQuotes ? '"' : '\'';
    out.append(quote);
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      out.append(escaped(c, quote));
    }
    out.append(quote);
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
