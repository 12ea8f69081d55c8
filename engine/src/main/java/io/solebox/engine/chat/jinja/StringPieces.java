package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The methods of Python's {@code str} that take texts apart and put them together. */
final class StringPieces {
  private static final Text SPACE = Text.plain(" ");

  private StringPieces() {}

  static List<Object> split(RenderContext context, Text text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    long most = limit(bound);
    if (bound.or(0, null) == null) {
      return splitAtSpace(context.budget(), text, most);
    }
    Text separator = separator(bound);
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

  static List<Object> rsplit(RenderContext context, Text text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("rsplit", "sep", "maxsplit");
    long most = limit(bound);
    if (bound.or(0, null) == null) {
      return rsplitAtSpace(context.budget(), text, most);
    }
    Text separator = separator(bound);
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

  private static Text separator(Arguments.Bound bound) {
    Text separator = bound.string(0);
    if (separator.isEmpty()) {
      throw new TemplateFailure("empty separator");
    }
    return separator;
  }

  private static void add(Budget budget, List<Object> pieces, Text piece) {
    budget.texts(1);
    budget.text(piece);
    pieces.add(piece);
  }

  private static List<Object> splitAtSpace(Budget budget, Text text, long most) {
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

  private static int skip(Text text, int from, boolean space) {
    int at = from;
    while (at < text.length() && PyText.isSpace(text.charAt(at)) == space) {
      at++;
    }
    return at;
  }

  private static List<Object> rsplitAtSpace(Budget budget, Text text, long most) {
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

  private static int skipBack(Text text, int from, boolean space) {
    int at = from;
    while (at > 0 && PyText.isSpace(text.charAt(at - 1)) == space) {
      at--;
    }
    return at;
  }

  static List<Object> lines(RenderContext context, Text text, Arguments arguments) {
    boolean keepEnds = arguments.bind("splitlines", "keepends").truthOr(0, false);
    return new ArrayList<>(PyText.lines(context.budget(), text, keepEnds));
  }

  static Tuple partition(RenderContext context, Text text, Arguments arguments, boolean first) {
    Text separator = separator(arguments.bind(first ? "partition" : "rpartition", "sep"));
    int at =
        first
            ? Search.first(context.budget(), text, separator, 0)
            : Search.last(context.budget(), text, separator, text.length());
    if (at < 0) {
      return new Tuple(
          first ? List.of(text, Text.EMPTY, Text.EMPTY) : List.of(Text.EMPTY, Text.EMPTY, text));
    }
    int end = at + separator.length();
    // The separator that was found is a part of this text, whoever wrote the one looked for.
    return new Tuple(List.of(text.substring(0, at), text.substring(at, end), text.substring(end)));
  }

  static Text replace(RenderContext context, Text text, Arguments arguments) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    return replace(
        context.budget(), text, bound.string(0), bound.string(1), bound.integerOr(2, -1));
  }

  /**
   * @param count the most replacements; negative for all
   */
  static Text replace(Budget budget, Text text, Text old, Text replacement, long count) {
    long left = count < 0 ? Long.MAX_VALUE : count;
    BoundedText out = new BoundedText(budget);
    int start = 0;
    int at = Search.first(budget, text, old, 0);
    while (at >= 0 && left > 0) {
      out.append(text, start, at).append(replacement);
      left--;
      if (old.isEmpty()) {
        int next = at < text.length() ? text.string().offsetByCodePoints(at, 1) : at;
        out.append(text, at, next);
        start = next;
        at = at == text.length() ? -1 : next;
      } else {
        start = at + old.length();
        at = Search.first(budget, text, old, start);
      }
    }
    return out.append(text, start, text.length()).toText();
  }

  static Text join(RenderContext context, Text separator, Arguments arguments) {
    Object items = arguments.bind("join", "iterable").required(0);
    BoundedText out = new BoundedText(context.budget());
    boolean first = true;
    for (Object item : Values.iterate(context.budget(), items)) {
      if (!(Markup.plain(item) instanceof Text text)) {
        throw new TemplateFailure("join() expected strings, but found " + Values.typeName(item));
      }
      out.append(first ? Text.EMPTY : separator).append(text);
      first = false;
    }
    return out.toText();
  }

  static Text tabs(RenderContext context, Text text, Arguments arguments) {
    long size = arguments.bind("expandtabs", "tabsize").integerOr(0, 8);
    BoundedText out = new BoundedText(context.budget());
    long column = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\t') {
        long spaces = size <= 0 ? 0 : size - column % size;
        out.repeat(SPACE, spaces);
        column += spaces;
      } else {
        out.append(text, i, i + 1);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
      }
    }
    return out.toText();
  }
}
