package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The methods of Python's {@code str} that take texts apart and put them together. */
final class StringPieces {
  private StringPieces() {}

  static List<Object> split(RenderContext context, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    long most = limit(bound);
    if (bound.or(0, null) == null) {
      return splitAtSpace(context.budget(), text, most);
    }
    String separator = separator(bound);
    List<Object> pieces = new ArrayList<>();
    int start = 0;
    int at = Search.first(context.budget(), text, separator, 0);
    while (at >= 0 && pieces.size() < most) {
      add(context.budget(), pieces, text.substring(start, at));
      start = at + separator.length();
      at = Search.first(context.budget(), text, separator, start);
    }
    add(context.budget(), pieces, text.substring(start));
    return pieces;
  }

  static List<Object> rsplit(RenderContext context, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("rsplit", "sep", "maxsplit");
    long most = limit(bound);
    if (bound.or(0, null) == null) {
      return rsplitAtSpace(context.budget(), text, most);
    }
    String separator = separator(bound);
    List<Object> pieces = new ArrayList<>();
    int end = text.length();
    int at = Search.last(context.budget(), text, separator, end);
    while (at >= 0 && pieces.size() < most) {
      add(context.budget(), pieces, text.substring(at + separator.length(), end));
      end = at;
      at = Search.last(context.budget(), text, separator, end - separator.length());
    }
    add(context.budget(), pieces, text.substring(0, end));
    Collections.reverse(pieces);
    return pieces;
  }

  private static long limit(Arguments.Bound bound) {
    long most = bound.integerOr(1, -1);
    return most < 0 ? Long.MAX_VALUE : most;
  }

  private static String separator(Arguments.Bound bound) {
    String separator = bound.string(0);
    if (separator.isEmpty()) {
      throw new TemplateFailure("empty separator");
    }
    return separator;
  }

  private static void add(Budget budget, List<Object> pieces, String piece) {
    budget.texts(1);
    budget.text(piece.length());
    pieces.add(piece);
  }

  private static List<Object> splitAtSpace(Budget budget, String text, long most) {
    List<Object> pieces = new ArrayList<>();
    int at = skip(text, 0, true);
    while (at < text.length()) {
      if (pieces.size() >= most) {
        add(budget, pieces, text.substring(at));
        break;
      }
      int end = skip(text, at, false);
      add(budget, pieces, text.substring(at, end));
      at = skip(text, end, true);
    }
    return pieces;
  }

  private static int skip(String text, int from, boolean space) {
    int at = from;
    while (at < text.length() && PyText.isSpace(text.charAt(at)) == space) {
      at++;
    }
    return at;
  }

  private static List<Object> rsplitAtSpace(Budget budget, String text, long most) {
    List<Object> pieces = new ArrayList<>();
    int end = skipBack(text, text.length(), true);
    while (end > 0) {
      if (pieces.size() >= most) {
        add(budget, pieces, text.substring(0, end));
        break;
      }
      int start = skipBack(text, end, false);
      add(budget, pieces, text.substring(start, end));
      end = skipBack(text, start, true);
    }
    Collections.reverse(pieces);
    return pieces;
  }

  private static int skipBack(String text, int from, boolean space) {
    int at = from;
    while (at > 0 && PyText.isSpace(text.charAt(at - 1)) == space) {
      at--;
    }
    return at;
  }

  static List<Object> lines(RenderContext context, String text, Arguments arguments) {
    boolean keepEnds = arguments.bind("splitlines", "keepends").truthOr(0, false);
    return new ArrayList<>(PyText.lines(context.budget(), text, keepEnds));
  }

  static Tuple partition(RenderContext context, String text, Arguments arguments, boolean first) {
    String separator = separator(arguments.bind(first ? "partition" : "rpartition", "sep"));
    int at =
        first
            ? Search.first(context.budget(), text, separator, 0)
            : Search.last(context.budget(), text, separator, text.length());
    if (at < 0) {
      return new Tuple(first ? List.of(text, "", "") : List.of("", "", text));
    }
    return new Tuple(
        List.of(text.substring(0, at), separator, text.substring(at + separator.length())));
  }

  static String replace(RenderContext context, String text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    return replace(
        context.budget(), text, bound.string(0), bound.string(1), bound.integerOr(2, -1));
  }

  /**
   * @param count the most replacements; negative for all
   */
  static String replace(Budget budget, String text, String old, String replacement, long count) {
    long left = count < 0 ? Long.MAX_VALUE : count;
    BoundedText out = new BoundedText(budget);
    int start = 0;
    int at = Search.first(budget, text, old, 0);
    while (at >= 0 && left > 0) {
      out.append(text, start, at).append(replacement);
      left--;
      if (old.isEmpty()) {
        int next = at < text.length() ? text.offsetByCodePoints(at, 1) : at;
        out.append(text, at, next);
        start = next;
        at = at == text.length() ? -1 : next;
      } else {
        start = at + old.length();
        at = Search.first(budget, text, old, start);
      }
    }
    return out.append(text, start, text.length()).toString();
  }

  static String join(RenderContext context, String separator, Arguments arguments) {
    Object items = arguments.bind("join", "iterable").required(0);
    BoundedText out = new BoundedText(context.budget());
    boolean first = true;
    for (Object item : Values.iterate(context.budget(), items)) {
      if (!(Markup.plain(item) instanceof String text)) {
        throw new TemplateFailure("join() expected strings, but found " + Values.typeName(item));
      }
      out.append(first ? "" : separator).append(text);
      first = false;
    }
    return out.toString();
  }

  static String tabs(RenderContext context, String text, Arguments arguments) {
    long size = arguments.bind("expandtabs", "tabsize").integerOr(0, 8);
    BoundedText out = new BoundedText(context.budget());
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        long spaces = size <= 0 ? 0 : size - column % size;
        out.repeat(" ", spaces);
        column += spaces;
      } else {
        out.append(c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.toString();
  }
}
