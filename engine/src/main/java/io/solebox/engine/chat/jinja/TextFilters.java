package io.solebox.engine.chat.jinja;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Filters over texts. They take any value and print it first. */
final class TextFilters {
  private static final Pattern WORD_START =
      Pattern.compile("[-\\s({\\[<]++", Pattern.UNICODE_CHARACTER_CLASS);
  private static final Pattern SPACES = Pattern.compile("\\s+");
  private static final Text SPACE = Text.plain(" ");
  private static final Pattern MARKUP = Pattern.compile("<!--.*?-->|<[^>]*+>", Pattern.DOTALL);

  private TextFilters() {}

  static void register(Map<String, Filters.Filter> filters) {
    letters(filters, "upper", PyText::upper);
    letters(filters, "lower", PyText::lower);
    letters(filters, "capitalize", PyText::capitalize);
    letters(filters, "title", TextFilters::title);
    filters.put("string", TextFilters::string);
    filters.put("safe", TextFilters::safe);
    filters.put("urlencode", TextFilters::urlEncode);
    filters.put("escape", TextFilters::escape);
    filters.put("e", TextFilters::escape);
    filters.put("forceescape", TextFilters::forceEscape);
    filters.put("trim", TextFilters::trim);
    filters.put("replace", TextFilters::replace);
    filters.put("indent", TextFilters::indent);
    filters.put("center", TextFilters::center);
    filters.put("truncate", TextFilters::truncate);
    filters.put("wordcount", TextFilters::wordCount);
    filters.put("striptags", TextFilters::stripTags);
    filters.put("format", TextFilters::format);
    filters.put("pprint", (context, input, args) -> PyPrinter.repr(context.budget(), input));
  }

  private static void letters(
      Map<String, Filters.Filter> filters, String name, UnaryOperator<String> operator) {
    filters.put(
        name,
        (context, input, arguments) -> {
          arguments.bind(name);
          return PyPrinter.str(context.budget(), input).map(operator);
        });
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder(text.length());
    Matcher gap = WORD_START.matcher(text);
    int position = 0;
    while (gap.find()) {
      out.append(PyText.capitalize(text.substring(position, gap.start()))).append(gap.group());
      position = gap.end();
    }
    return out.append(PyText.capitalize(text.substring(position))).toString();
  }

  private static Object string(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("string");
    return PyPrinter.str(context.budget(), input);
  }

  private static Object urlEncode(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("urlencode");
    Text text = PyPrinter.str(context.budget(), input);
    BoundedText out = new BoundedText(context.budget());
    for (int at = 0; at < text.length(); ) {
      int c = text.string().codePointAt(at);
      boolean plain = c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~/".indexOf(c) >= 0);
      String character = Character.toString(c);
      out.append(plain ? character : percents(character), text, at);
      at += character.length();
    }
    return out.toText();
  }

  private static String percents(String character) {
    StringBuilder out = new StringBuilder();
    for (byte unit : character.getBytes(StandardCharsets.UTF_8)) {
      out.append(String.format(Locale.ROOT, "%%%02X", unit & 0xff));
    }
    return out.toString();
  }

  private static Object escape(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("escape");
    return new Markup(Markup.escape(context.budget(), input));
  }

  private static Object forceEscape(RenderContext context, Object input, Arguments arguments) {
    return escape(context, Markup.plain(input), arguments);
  }

  private static Object safe(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("safe");
    return new Markup(PyPrinter.str(context.budget(), input));
  }

  private static Object trim(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("trim", "chars");
    Optional<Text> characters =
        bound.or(0, null) == null ? Optional.empty() : Optional.of(bound.string(0));
    Budget budget = context.budget();
    return PyText.strip(budget, PyPrinter.str(budget, input), characters, PyText.Side.BOTH);
  }

  private static Object replace(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    Budget budget = context.budget();
    return StringPieces.replace(
        budget,
        PyPrinter.str(budget, input),
        PyPrinter.str(budget, bound.required(0)),
        PyPrinter.str(budget, bound.required(1)),
        bound.integerOr(2, -1));
  }

  private static Object indent(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    Budget budget = context.budget();
    Text indent =
        Markup.plain(bound.or(0, null)) instanceof Text given
            ? given
            : new BoundedText(budget).repeat(SPACE, bound.integerOr(0, 4)).toText();
    boolean blank = bound.truthOr(2, false);
    // Jinja ends the text with a newline first, so that a final one stays.
    Text text = new BoundedText(budget).append(requireText(input)).plain("\n").toText();
    List<Text> lines = PyText.lines(budget, text, false);
    BoundedText out = new BoundedText(budget);
    for (int i = 0; i < lines.size(); i++) {
      boolean indented = i == 0 ? bound.truthOr(1, false) : blank || !lines.get(i).isEmpty();
      out.plain(i == 0 ? "" : "\n").append(indented ? indent : Text.EMPTY).append(lines.get(i));
    }
    return out.toText();
  }

  private static Text requireText(Object input) {
    return switch (input) {
      case Text text -> text;
      case Undefined undefined -> throw undefined.failure();
      case null, default ->
          throw new TemplateFailure("the filter needs a string, not " + Values.typeName(input));
    };
  }

  private static Object center(RenderContext context, Object input, Arguments arguments) {
    long width = arguments.bind("center", "width").integerOr(0, 80);
    Budget budget = context.budget();
    return StringMethods.pad(budget, "center", PyPrinter.str(budget, input), width, SPACE);
  }

  private static Object truncate(RenderContext context, Object input, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    Text text = requireText(input);
    long length = bound.integerOr(0, 255);
    Text end = bound.has(2) ? bound.string(2) : Text.plain("...");
    long kept = length - PyText.length(end);
    if (kept < 0) {
      throw new TemplateFailure("truncate() needs a length of at least " + PyText.length(end));
    }
    if (PyText.length(text) <= length + bound.integerOr(3, 5)) {
      return text;
    }
    int cut = PyText.offset(text, (int) kept);
    int space = text.string().lastIndexOf(' ', cut - 1);
    int last = bound.truthOr(1, false) || space < 0 ? cut : space;
    return new BoundedText(context.budget()).append(text, 0, last).append(end).toText();
  }

  private static Object wordCount(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("wordcount");
    Text text = PyPrinter.str(context.budget(), input);
    long words = 0;
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean letter = c == '_' || Character.isLetterOrDigit(c) || Character.isSurrogate(c);
      words += letter && !inWord ? 1 : 0;
      inWord = letter;
    }
    return words;
  }

  private static Object stripTags(RenderContext context, Object input, Arguments arguments) {
    arguments.bind("striptags");
    Budget budget = context.budget();
    Text text = PyPrinter.str(budget, input);
    // Each '<' without its '>' looks at the rest of the text.
    long unclosed = text.string().chars().filter(c -> c == '<').count();
    budget.scan(text.length() * (1 + unclosed));
    Text words = replaceAll(budget, MARKUP, text, "");
    int start = words.length() - words.string().stripLeading().length();
    int end = Math.max(start, words.string().stripTrailing().length());
    return replaceAll(budget, SPACES, words.substring(start, end), " ");
  }

  private static Text replaceAll(Budget budget, Pattern wanted, Text text, String replacement) {
    BoundedText out = new BoundedText(budget);
    Matcher found = wanted.matcher(text.string());
    int position = 0;
    while (found.find()) {
      out.append(text, position, found.start()).plain(replacement);
      position = found.end();
    }
    return out.append(text, position, text.length()).toText();
  }

  private static Object format(RenderContext context, Object input, Arguments arguments) {
    Object values =
        arguments.named().isEmpty() ? new Tuple(arguments.positional()) : arguments.named();
    Text format = PyPrinter.str(context.budget(), input);
    return PercentFormat.format(context.budget(), format, values);
  }
}
