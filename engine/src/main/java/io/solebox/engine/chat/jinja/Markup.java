package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A text that the {@code safe} or {@code escape} filter marked as HTML. It behaves as its text
 * until an ordinary text is added to it: that is then escaped. Chat templates that use {@code safe}
 * with {@code +} depend on this, most of them by accident.
 */
record Markup(Text text) {
  /** Methods of a marked text whose arguments are escaped. */
  private static final Set<String> ESCAPING =
      Set.of(
          "replace",
          "join",
          "format",
          "strip",
          "lstrip",
          "rstrip",
          "center",
          "ljust",
          "rjust",
          "removeprefix",
          "removesuffix");

  /** The value, or the plain text if it is marked. */
  static Object plain(Object value) {
    return value instanceof Markup markup ? markup.text() : value;
  }

  /** The text of a value in HTML. */
  static Text escape(Budget budget, Object value) {
    if (value instanceof Markup markup) {
      return markup.text();
    }
    Text text = PyPrinter.str(budget, value);
    budget.scan(text.length());
    BoundedText out = new BoundedText(budget);
    int plainFrom = 0;
    for (int i = 0; i < text.length(); i++) {
      String entity =
          switch (text.charAt(i)) {
            case '&' -> "&amp;";
            case '<' -> "&lt;";
            case '>' -> "&gt;";
            case '\'' -> "&#39;";
            case '"' -> "&#34;";
            default -> "";
          };
      if (!entity.isEmpty()) {
        out.append(text, plainFrom, i).append(entity, text, i);
        plainFrom = i + 1;
      }
    }
    return out.append(text, plainFrom, text.length()).toText();
  }

  /** A method of the text; texts that it gives are marked again. */
  Object call(String method, Callable plainMethod, RenderContext context, Arguments arguments) {
    boolean escaping = ESCAPING.contains(method);
    Arguments given = escaping ? escapeAll(context.budget(), arguments) : arguments;
    return mark(plainMethod.call(context, given));
  }

  private static Arguments escapeAll(Budget budget, Arguments arguments) {
    List<Object> positional = new ArrayList<>();
    arguments.positional().forEach(value -> positional.add(escapeText(budget, value)));
    Map<Text, Object> named = new LinkedHashMap<>();
    arguments.named().forEach((name, value) -> named.put(name, escapeText(budget, value)));
    return new Arguments(positional, named);
  }

  /** A text, or the texts of a list or tuple, in HTML; other values as they are. */
  static Object escapeText(Budget budget, Object value) {
    return switch (value) {
      case Text text -> escape(budget, text);
      case Markup markup -> markup.text();
      case List<?> list -> {
        budget.elements(list.size());
        List<Object> items = new ArrayList<>();
        list.forEach(item -> items.add(item instanceof List ? item : escapeText(budget, item)));
        yield list instanceof Tuple ? new Tuple(items) : items;
      }
      case null, default -> value;
    };
  }

  /** Marks a text, or the texts of a list. */
  private static Object mark(Object value) {
    if (value instanceof Text text) {
      return new Markup(text);
    }
    if (value instanceof List<?> list) {
      List<Object> marked = new ArrayList<>();
      list.forEach(item -> marked.add(item instanceof Text text ? new Markup(text) : item));
      return list instanceof Tuple ? new Tuple(marked) : marked;
    }
    return value;
  }
}
