package io.solebox.engine.chat.jinja;

import io.solebox.engine.chat.jinja.PyText.Side;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.UnaryOperator;

/** The methods of Python's {@code str}. Indices count code points. */
final class StringMethods {
  private static final Map<String, Method> METHODS =
      Map.ofEntries(
          letters("upper", PyText::upper),
          letters("lower", PyText::lower),
          letters("casefold", text -> PyText.lower(PyText.upper(text))),
          letters("title", PyText::title),
          letters("capitalize", PyText::capitalize),
          letters("swapcase", StringMethods::swapCase),
          Map.entry(
              "strip", (context, text, args) -> strip(context, "strip", text, args, Side.BOTH)),
          Map.entry(
              "lstrip", (context, text, args) -> strip(context, "lstrip", text, args, Side.START)),
          Map.entry(
              "rstrip", (context, text, args) -> strip(context, "rstrip", text, args, Side.END)),
          Map.entry("split", (context, text, args) -> StringPieces.split(context, text, args)),
          Map.entry("rsplit", (context, text, args) -> StringPieces.rsplit(context, text, args)),
          Map.entry("splitlines", (context, text, args) -> StringPieces.lines(context, text, args)),
          Map.entry(
              "partition",
              (context, text, args) -> StringPieces.partition(context, text, args, true)),
          Map.entry(
              "rpartition",
              (context, text, args) -> StringPieces.partition(context, text, args, false)),
          Map.entry("replace", (context, text, args) -> StringPieces.replace(context, text, args)),
          Map.entry("join", (context, text, args) -> StringPieces.join(context, text, args)),
          Map.entry("expandtabs", (context, text, args) -> StringPieces.tabs(context, text, args)),
          Map.entry("startswith", (context, text, args) -> affix("startswith", text, args, true)),
          Map.entry("endswith", (context, text, args) -> affix("endswith", text, args, false)),
          Map.entry("removeprefix", StringMethods::removePrefix),
          Map.entry("removesuffix", StringMethods::removeSuffix),
          Map.entry("find", (context, text, args) -> find(context, "find", text, args)),
          Map.entry("rfind", (context, text, args) -> find(context, "rfind", text, args)),
          Map.entry("index", (context, text, args) -> index(context, "index", text, args)),
          Map.entry("rindex", (context, text, args) -> index(context, "rindex", text, args)),
          Map.entry("count", StringMethods::count),
          Map.entry("center", (context, text, args) -> pad(context, "center", text, args)),
          Map.entry("ljust", (context, text, args) -> pad(context, "ljust", text, args)),
          Map.entry("rjust", (context, text, args) -> pad(context, "rjust", text, args)),
          Map.entry("zfill", StringMethods::zeroFill),
          Map.entry(
              "format", (context, text, args) -> BraceFormat.format(context.budget(), text, args)),
          all("isdigit", StringMethods::isDigit),
          all("isdecimal", Character::isDigit),
          all("isnumeric", StringMethods::isNumeric),
          all("isalpha", Character::isLetter),
          all("isalnum", Character::isLetterOrDigit),
          all("isspace", PyText::isSpace),
          Map.entry(
              "isprintable",
              (c, text, args) ->
                  text.string()
                      .codePoints()
                      .allMatch(point -> point == ' ' || PyPrinter.isPrintable(point))),
          Map.entry(
              "isascii", (c, text, args) -> text.string().chars().allMatch(unit -> unit < 128)),
          Map.entry("isupper", (c, text, args) -> isCased(text.string(), Character::isLowerCase)),
          Map.entry("islower", (c, text, args) -> isCased(text.string(), Character::isUpperCase)),
          Map.entry("istitle", (c, text, args) -> isTitle(text.string())),
          Map.entry("isidentifier", (c, text, args) -> isIdentifier(text.string())));

  /** Methods look at single characters, which is slower than copying. */
  private static final long SCAN_COST = 4;

  private StringMethods() {}

  private interface Method {
    Object call(RenderContext context, Text text, Arguments arguments);
  }

  /** The method, bound to its text. */
  static Optional<Callable> find(Text text, String name) {
    Method method = METHODS.get(name);
    if (method == null) {
      return Optional.empty();
    }
    return Optional.of(
        (context, arguments) -> {
          context.budget().scan(SCAN_COST * text.length());
          Object result = method.call(context, text, arguments);
          if (result instanceof Text made && !made.equals(text)) {
            context.budget().text(made);
          }
          return result;
        });
  }

  private static Map.Entry<String, Method> letters(String name, UnaryOperator<String> operator) {
    return Map.entry(
        name,
        (context, text, arguments) -> {
          arguments.bind(name);
          return text.map(operator);
        });
  }

  private static Map.Entry<String, Method> all(String name, IntPredicate predicate) {
    return Map.entry(
        name,
        (context, text, arguments) ->
            !text.isEmpty() && text.string().codePoints().allMatch(predicate));
  }

  /** Some letter has a case, and none has the wrong one. */
  static boolean isCased(String text, IntPredicate wrong) {
    boolean anyCased =
        text.codePoints().anyMatch(c -> Character.isUpperCase(c) || Character.isLowerCase(c));
    return anyCased && text.codePoints().noneMatch(wrong);
  }

  private static boolean isTitle(String text) {
    return text.equals(PyText.title(text)) && !PyText.upper(text).equals(PyText.lower(text));
  }

  private static boolean isIdentifier(String text) {
    return !text.isEmpty()
        && (text.codePointAt(0) == '_' || Character.isUnicodeIdentifierStart(text.codePointAt(0)))
        && text.codePoints().allMatch(Character::isUnicodeIdentifierPart);
  }

  /** Superscripts and circled digits are digits, but not decimal ones. */
  private static boolean isDigit(int c) {
    int value = Character.getNumericValue(c);
    boolean single = value >= 0 && value <= 9;
    return Character.isDigit(c) || (Character.getType(c) == Character.OTHER_NUMBER && single);
  }

  private static boolean isNumeric(int c) {
    int type = Character.getType(c);
    return type == Character.DECIMAL_DIGIT_NUMBER
        || type == Character.LETTER_NUMBER
        || type == Character.OTHER_NUMBER;
  }

  private static String swapCase(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c))
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static Text strip(
      RenderContext context, String name, Text text, Arguments arguments, Side side) {
    Arguments.Bound bound = arguments.bind(name, "chars");
    Optional<Text> characters =
        bound.or(0, null) == null ? Optional.empty() : Optional.of(bound.string(0));
    return PyText.strip(context.budget(), text, characters, side);
  }

  private static boolean affix(String name, Text text, Arguments arguments, boolean start) {
    Arguments.Bound bound = arguments.bind(name, start ? "prefix" : "suffix", "start", "end");
    String part = (bound.has(1) ? window(text, bound) : text).string();
    List<?> candidates =
        bound.required(0) instanceof Tuple tuple ? tuple : List.of(bound.string(0));
    for (Object candidate : candidates) {
      if (!(Markup.plain(candidate) instanceof Text affix)) {
        throw new TemplateFailure(
            name + "() needs a string or a tuple of strings, not " + Values.typeName(candidate));
      }
      if (start ? part.startsWith(affix.string()) : part.endsWith(affix.string())) {
        return true;
      }
    }
    return false;
  }

  /** The part between the second and third argument, as a slice has it. */
  private static Text window(Text text, Arguments.Bound bound) {
    int size = PyText.length(text);
    int from = position(bound.integerOr(1, 0), size);
    int to = position(bound.integerOr(2, size), size);
    return to <= from
        ? Text.EMPTY
        : text.substring(PyText.offset(text, from), PyText.offset(text, to));
  }

  private static int position(long index, int size) {
    return Math.clamp(index < 0 ? index + size : index, 0, size);
  }

  private static Text removePrefix(RenderContext context, Text text, Arguments arguments) {
    String prefix = arguments.bind("removeprefix", "prefix").string(0).string();
    return text.string().startsWith(prefix) ? text.substring(prefix.length()) : text;
  }

  private static Text removeSuffix(RenderContext context, Text text, Arguments arguments) {
    String suffix = arguments.bind("removesuffix", "suffix").string(0).string();
    return text.string().endsWith(suffix)
        ? text.substring(0, text.length() - suffix.length())
        : text;
  }

  private static long find(RenderContext context, String name, Text text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, "sub", "start", "end");
    Text wanted = bound.string(0);
    Text part = bound.has(1) ? window(text, bound) : text;
    int at =
        name.startsWith("r")
            ? Search.last(context.budget(), part, wanted, part.length())
            : Search.first(context.budget(), part, wanted, 0);
    int before = bound.has(1) ? position(bound.integerOr(1, 0), PyText.length(text)) : 0;
    return at < 0 ? -1 : before + part.string().codePointCount(0, at);
  }

  private static long index(RenderContext context, String name, Text text, Arguments arguments) {
    long at = find(context, name, text, arguments);
    if (at < 0) {
      throw new TemplateFailure("substring not found");
    }
    return at;
  }

  private static long count(RenderContext context, Text text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("count", "sub", "start", "end");
    Text wanted = bound.string(0);
    Text part = bound.has(1) ? window(text, bound) : text;
    if (wanted.isEmpty()) {
      return PyText.length(part) + 1L;
    }
    long count = 0;
    int at = Search.first(context.budget(), part, wanted, 0);
    while (at >= 0) {
      count++;
      at = Search.first(context.budget(), part, wanted, at + wanted.length());
    }
    return count;
  }

  private static Text pad(RenderContext context, String name, Text text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind(name, "width", "fillchar");
    Text fill = bound.has(1) ? bound.string(1) : Text.plain(" ");
    if (PyText.length(fill) != 1) {
      throw new TemplateFailure(name + "() needs exactly one fill character");
    }
    return pad(context.budget(), name, text, bound.integer(0), fill);
  }

  static Text pad(Budget budget, String name, Text text, long width, Text fill) {
    long missing = Math.max(0, Math.min(width, Integer.MAX_VALUE) - PyText.length(text));
    // An odd space goes to the left where the width is odd: that is Python's rule.
    long centered = missing / 2 + (missing & width & 1);
    long before = name.equals("center") ? centered : name.equals("rjust") ? missing : 0;
    return new BoundedText(budget)
        .repeat(fill, before)
        .append(text)
        .repeat(fill, missing - before)
        .toText();
  }

  private static Text zeroFill(RenderContext context, Text text, Arguments arguments) {
    long width = arguments.bind("zfill", "width").integer(0);
    int sign = text.string().startsWith("-") || text.string().startsWith("+") ? 1 : 0;
    Budget budget = context.budget();
    Text filled = pad(budget, "rjust", text.substring(sign), width - sign, Text.plain("0"));
    return new BoundedText(budget).append(text, 0, sign).append(filled).toText();
  }
}
