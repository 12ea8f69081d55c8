package io.solebox.engine.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's format specification, {@code [[fill]align][sign][#][0][width][,][.precision][type]}; the
 * conversions of the {@code %} operator are turned into one as well.
 *
 * @param align {@code <}, {@code >}, {@code ^}, {@code =}, or a space for the type's own
 * @param type a space for none
 */
record FormatSpec(
    String fill,
    char align,
    char sign,
    boolean alternate,
    int width,
    String grouping,
    OptionalInt precision,
    char type) {
  private static final Pattern PATTERN =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,9})?([,_])?(?:\\.(\\d{1,9}))?([a-zA-Z%])?",
          Pattern.DOTALL);
  private static final int MAX_PRECISION = 400;

  static FormatSpec parse(String text) {
    Matcher matcher = PATTERN.matcher(text);
    if (!matcher.matches()) {
      throw new TemplateFailure("invalid format specifier '" + text + "'");
    }
    boolean zero = matcher.group(5) != null;
    String fill = matcher.group(1) != null ? matcher.group(1) : zero ? "0" : " ";
    char align = charOr(matcher.group(2), zero ? '=' : ' ');
    OptionalInt precision =
        matcher.group(8) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(matcher.group(8)));
    return new FormatSpec(
        fill,
        align,
        charOr(matcher.group(3), '-'),
        matcher.group(4) != null,
        matcher.group(6) == null ? 0 : Integer.parseInt(matcher.group(6)),
        matcher.group(7) == null ? "" : matcher.group(7),
        precision,
        charOr(matcher.group(9), ' '));
  }

  private static char charOr(String text, char fallback) {
    return text == null ? fallback : text.charAt(0);
  }

  /** The value in this format. */
  Text apply(Budget budget, Object value) {
    if (!Values.isNumber(value)) {
      if (!(Markup.plain(value) instanceof Text)) {
        throw new TemplateFailure(
            "unsupported format string passed to " + Values.typeName(value) + ".__format__");
      }
      if (type != ' ' && type != 's') {
        throw new TemplateFailure(
            "unknown format code '" + type + "' for a " + Values.typeName(value));
      }
      return pad(budget, "", truncate(PyPrinter.str(budget, value)), '<');
    }
    boolean negative = Arithmetic.toDouble(value) < 0;
    String prefix = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
    return pad(budget, prefix, Text.plain(group(digits(value))), '>');
  }

  private Text truncate(Text text) {
    if (precision.isEmpty() || PyText.length(text) <= precision.getAsInt()) {
      return text;
    }
    return text.substring(0, PyText.offset(text, precision.getAsInt()));
  }

  private Text pad(Budget budget, String prefix, Text body, char ownAlign) {
    long missing = (long) width - prefix.length() - PyText.length(body);
    char side = align == ' ' ? ownAlign : align;
    long before =
        switch (side) {
          case '>' -> missing;
          case '^' -> missing / 2;
          default -> 0;
        };
    long inside = side == '=' ? missing : 0;
    Text padding = Text.plain(fill);
    return new BoundedText(budget)
        .repeat(padding, before)
        .plain(prefix)
        .repeat(padding, inside)
        .append(body)
        .repeat(padding, missing - before - inside)
        .toText();
  }

  private String group(String digits) {
    if (grouping.isEmpty()) {
      return digits;
    }
    int end = 0;
    while (end < digits.length() && Character.isDigit(digits.charAt(end))) {
      end++;
    }
    StringBuilder grouped = new StringBuilder(digits);
    for (int i = end - 3; i > 0; i -= 3) {
      grouped.insert(i, grouping);
    }
    return grouped.toString();
  }

  /** The number without its sign. */
  private String digits(Object value) {
    return switch (type) {
      case ' ' ->
          value instanceof Double number
              ? (precision.isPresent()
                  ? general(number, 'g')
                  : PyPrinter.floating(Math.abs(number)))
              : Arithmetic.big(value).abs().toString();
      case 'd', 'n' -> integer(value).abs().toString();
      case 'x' -> (alternate ? "0x" : "") + integer(value).abs().toString(16);
      case 'X' -> (alternate ? "0X" : "") + PyText.upper(integer(value).abs().toString(16));
      case 'o' -> (alternate ? "0o" : "") + integer(value).abs().toString(8);
      case 'b' -> (alternate ? "0b" : "") + integer(value).abs().toString(2);
      case 'c' -> character(integer(value));
      case 'f', 'F' -> fixed(Arithmetic.toDouble(value));
      case '%' -> fixed(Arithmetic.toDouble(value) * 100) + "%";
      case 'e', 'E' -> exponential(Arithmetic.toDouble(value), type);
      case 'g', 'G' -> general(Arithmetic.toDouble(value), type);
      default ->
          throw new TemplateFailure(
              "unknown format code '" + type + "' for a " + Values.typeName(value));
    };
  }

  private BigInteger integer(Object value) {
    if (value instanceof Double) {
      throw new TemplateFailure("unknown format code '" + type + "' for a float");
    }
    return Arithmetic.big(value);
  }

  private static String character(BigInteger code) {
    boolean negative = code.signum() < 0;
    if (negative || code.compareTo(BigInteger.valueOf(Character.MAX_CODE_POINT)) > 0) {
      throw new TemplateFailure("a format's character code is out of range");
    }
    return Character.toString(code.intValue());
  }

  private int digitsAfterPoint() {
    int digits = precision.orElse(6);
    if (digits > MAX_PRECISION) {
      throw new TemplateFailure("a format asks for more than " + MAX_PRECISION + " digits");
    }
    return digits;
  }

  private String fixed(double value) {
    if (!Double.isFinite(value)) {
      return PyPrinter.floating(Math.abs(value));
    }
    return new BigDecimal(Math.abs(value))
        .setScale(digitsAfterPoint(), RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  private String exponential(double value, char letter) {
    if (!Double.isFinite(value)) {
      return PyPrinter.floating(Math.abs(value));
    }
    int after = digitsAfterPoint();
    BigDecimal exact = new BigDecimal(Math.abs(value));
    BigDecimal rounded = exact.round(new MathContext(after + 1, RoundingMode.HALF_EVEN));
    StringBuilder digits = new StringBuilder(rounded.unscaledValue().toString());
    int exponent = rounded.signum() == 0 ? 0 : digits.length() - rounded.scale() - 1;
    digits.repeat("0", Math.max(0, after + 1 - digits.length())).setLength(after + 1);
    if (after > 0) {
      digits.insert(1, '.');
    }
    String size = String.format(Locale.ROOT, "%02d", Math.abs(exponent));
    return digits.append(letter).append(exponent < 0 ? '-' : '+').append(size).toString();
  }

  private String general(double value, char letter) {
    if (!Double.isFinite(value)) {
      return PyPrinter.floating(Math.abs(value));
    }
    int significant = Math.max(1, digitsAfterPoint());
    BigDecimal rounded =
        new BigDecimal(Math.abs(value))
            .round(new MathContext(significant, RoundingMode.HALF_EVEN))
            .stripTrailingZeros();
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent >= -4 && exponent < significant) {
      return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }
    OptionalInt after = OptionalInt.of(Math.max(0, rounded.precision() - 1));
    return new FormatSpec(fill, align, sign, alternate, width, grouping, after, type)
        .exponential(value, letter == 'G' ? 'E' : 'e');
  }
}
