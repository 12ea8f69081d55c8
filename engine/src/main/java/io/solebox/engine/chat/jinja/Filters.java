package io.solebox.engine.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** All filters by name. */
final class Filters {
  /** Filters look at single characters, which is slower than copying. */
  private static final long SCAN_COST = 4;

  private static final Map<String, Filter> FILTERS = new HashMap<>();

  /** Filters whose result is marked as HTML if their input is; the others give plain texts. */
  private static final Set<String> KEEP_MARKUP =
      Set.of("upper", "lower", "capitalize", "trim", "indent", "center", "reverse", "truncate");

  static {
    TextFilters.register(FILTERS);
    SequenceFilters.register(FILTERS);
    SelectionFilters.register(FILTERS);
    NumberFilters.register(FILTERS);
    FILTERS.put("tojson", JsonWriter::filter);
  }

  /** Filters that treat a marked input differently; the others see its text. */
  private static final Set<String> TAKE_MARKUP = Set.of("escape", "e");

  private Filters() {}

  interface Filter {
    Object apply(RenderContext context, Object input, Arguments arguments);
  }

  static boolean exists(String name) {
    return FILTERS.containsKey(name);
  }

  static Object apply(RenderContext context, String name, Object value, Arguments arguments) {
    Filter filter = FILTERS.get(name);
    if (filter == null) {
      throw new TemplateFailure("No filter named '" + name + "'.");
    }
    Budget budget = context.budget();
    Object input = TAKE_MARKUP.contains(name) ? value : Markup.plain(value);
    if (input instanceof Text text) {
      budget.scan(SCAN_COST * text.length());
    }
    Object result = filter.apply(context, input, arguments);
    if (result instanceof Text made && !made.equals(input)) {
      budget.text(made);
    }
    return value instanceof Markup
            && result instanceof Text text
            && (text == input || KEEP_MARKUP.contains(name))
        ? new Markup(text)
        : result;
  }
}
