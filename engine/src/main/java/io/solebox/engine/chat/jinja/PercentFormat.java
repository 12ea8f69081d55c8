package io.solebox.engine.chat.jinja;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Python's {@code "text %s" % values}. */
final class PercentFormat {
  private static final Pattern CONVERSION =
      Pattern.compile(
          "%(?:\\(([^()]*+)\\))?([-+ #0]*+)(\\d{1,9}|\\*)?+(?:\\.(\\d{1,9}))?+[hlL]?+(.)",
          Pattern.DOTALL);

  private final Budget budget;
  private final Object values;
  private final List<Object> sequence;
  private int used;

  private PercentFormat(Budget budget, Object values) {
    this.budget = budget;
    this.values = values;
    this.sequence = values instanceof Tuple tuple ? tuple : Collections.singletonList(values);
  }

  static Text format(Budget budget, Text format, Object values) {
    budget.scan(format.length());
    return new PercentFormat(budget, values).run(format);
  }

  private Text run(Text format) {
    BoundedText out = new BoundedText(budget);
    Matcher matcher = CONVERSION.matcher(format.string());
    int position = 0;
    int percent = format.string().indexOf('%');
    while (percent >= 0) {
      out.append(format, position, percent);
      if (!matcher.region(percent, format.length()).lookingAt()) {
        throw new TemplateFailure("incomplete format");
      }
      boolean doubled = matcher.group(5).equals("%");
      out.append(doubled ? format.substring(matcher.start(5), matcher.end(5)) : convert(matcher));
      position = matcher.end();
      percent = format.string().indexOf('%', position);
    }
    out.append(format, position, format.length());
    if (used < sequence.size()
        && !(values instanceof Map)
        && !(values instanceof List && used == 0 && !(values instanceof Tuple))) {
      throw new TemplateFailure("not all arguments converted during string formatting");
    }
    return out.toText();
  }

  private Text convert(Matcher matcher) {
    char type = matcher.group(5).charAt(0);
    if ("*".equals(matcher.group(3))) {
      throw new TemplateFailure("'*' as the width of a format is not supported");
    }
    Object value = value(Optional.ofNullable(matcher.group(1)));
    String flags = matcher.group(2);
    boolean left = flags.indexOf('-') >= 0;
    boolean zero = flags.indexOf('0') >= 0 && !left && type != 's' && type != 'r';
    char sign = flags.indexOf('+') >= 0 ? '+' : flags.indexOf(' ') >= 0 ? ' ' : '-';
    OptionalInt precision =
        matcher.group(4) == null
            ? OptionalInt.empty()
            : OptionalInt.of(Integer.parseInt(matcher.group(4)));
    FormatSpec spec =
        new FormatSpec(
            zero ? "0" : " ",
            left ? '<' : zero ? '=' : '>',
            sign,
            flags.indexOf('#') >= 0,
            matcher.group(3) == null ? 0 : Integer.parseInt(matcher.group(3)),
            "",
            precision,
            type);
    return apply(spec, value);
  }

  private Object value(Optional<String> name) {
    if (name.isPresent()) {
      Object found = Access.element(budget, values, Text.plain(name.get()));
      if (found instanceof Undefined) {
        throw new TemplateFailure("the format names a missing key '" + name.get() + "'");
      }
      return found;
    }
    if (used >= sequence.size()) {
      throw new TemplateFailure("not enough arguments for format string");
    }
    return sequence.get(used++);
  }

  private Text apply(FormatSpec spec, Object value) {
    return switch (spec.type()) {
      case 's' -> withType(spec, 's').apply(budget, PyPrinter.str(budget, value));
      case 'r', 'a' -> withType(spec, 's').apply(budget, PyPrinter.repr(budget, value));
      case 'c' ->
          value instanceof Text
              ? withType(spec, 's').apply(budget, value)
              : spec.apply(budget, value);
      case 'd', 'i', 'u' -> withType(spec, 'd').apply(budget, truncated(value));
      case 'x', 'X', 'o', 'e', 'E', 'f', 'F', 'g', 'G' -> spec.apply(budget, number(value));
      default -> throw new TemplateFailure("unsupported format character '" + spec.type() + "'");
    };
  }

  private static Object number(Object value) {
    if (!Values.isNumber(value)) {
      throw new TemplateFailure(
          "a number is required in the format, not " + Values.typeName(value));
    }
    return value;
  }

  private static Object truncated(Object value) {
    return number(value) instanceof Double floating ? Numbers.truncate(floating) : value;
  }

  private static FormatSpec withType(FormatSpec spec, char type) {
    return new FormatSpec(
        spec.fill(),
        spec.align(),
        spec.sign(),
        spec.alternate(),
        spec.width(),
        spec.grouping(),
        type == 'd' ? OptionalInt.empty() : spec.precision(),
        type);
  }
}
