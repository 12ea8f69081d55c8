package io.solebox.engine.chat.jinja;

/** Python's {@code "text {}".format(values)}. */
final class BraceFormat {
  private static final int MAX_DEPTH = 2;

  private final Budget budget;
  private final Arguments arguments;
  private int automatic;

  private BraceFormat(Budget budget, Arguments arguments) {
    this.budget = budget;
    this.arguments = arguments;
  }

  static Text format(Budget budget, Text format, Arguments arguments) {
    return new BraceFormat(budget, arguments).run(format, 0);
  }

  private Text run(Text format, int depth) {
    if (depth >= MAX_DEPTH) {
      throw new TemplateFailure("a format nests too deeply");
    }
    budget.scan(format.length());
    BoundedText out = new BoundedText(budget);
    int position = 0;
    while (position < format.length()) {
      char c = format.charAt(position);
      boolean doubled = position + 1 < format.length() && format.charAt(position + 1) == c;
      if ((c == '{' || c == '}') && doubled) {
        out.append(format, position, position + 1);
        position += 2;
      } else if (c == '{') {
        int end = closing(format, position);
        out.append(field(format.substring(position + 1, end), depth));
        position = end + 1;
      } else if (c == '}') {
        throw new TemplateFailure("single '}' encountered in format string");
      } else {
        out.append(format, position, position + 1);
        position++;
      }
    }
    return out.toText();
  }

  private static int closing(Text format, int open) {
    int level = 0;
    for (int i = open; i < format.length(); i++) {
      char c = format.charAt(i);
      level += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (level == 0) {
        return i;
      }
    }
    throw new TemplateFailure("expected '}' before end of format string");
  }

  /** {@code name!conversion:specification}, each part optional. */
  private Text field(Text field, int depth) {
    int colon = field.string().indexOf(':');
    String head = colon < 0 ? field.string() : field.string().substring(0, colon);
    Text specification = colon < 0 ? Text.EMPTY : run(field.substring(colon + 1), depth + 1);
    int mark = head.indexOf('!');
    Object value = lookUp(mark < 0 ? head : head.substring(0, mark));
    String conversion = mark < 0 ? "" : head.substring(mark + 1);
    Object converted =
        switch (conversion) {
          case "" -> value;
          case "s" -> PyPrinter.str(budget, value);
          case "r", "a" -> PyPrinter.repr(budget, value);
          default -> throw new TemplateFailure("unknown conversion '" + conversion + "'");
        };
    return specification.isEmpty()
        ? PyPrinter.str(budget, converted)
        : FormatSpec.parse(specification.string()).apply(budget, converted);
  }

  private Object lookUp(String path) {
    int end = 0;
    while (end < path.length() && path.charAt(end) != '.' && path.charAt(end) != '[') {
      end++;
    }
    Object value = first(path.substring(0, end));
    while (end < path.length()) {
      boolean attribute = path.charAt(end) == '.';
      int stop = end + 1;
      while (stop < path.length()
          && (attribute
              ? path.charAt(stop) != '.' && path.charAt(stop) != '['
              : path.charAt(stop) != ']')) {
        stop++;
      }
      String name = path.substring(end + 1, stop);
      boolean index = !attribute && isIndex(name);
      value =
          attribute
              ? Access.attribute(value, Text.plain(name))
              : Access.element(
                  budget, value, index ? (Object) Long.valueOf(name) : Text.plain(name));
      end = attribute ? stop : stop + 1;
    }
    return value;
  }

  private Object first(String name) {
    if (name.isEmpty() || isIndex(name)) {
      int index = name.isEmpty() ? automatic++ : Integer.parseInt(name);
      if (index >= arguments.positional().size()) {
        throw new TemplateFailure("Replacement index " + index + " out of range");
      }
      return arguments.positional().get(index);
    }
    Text key = Text.plain(name);
    if (!arguments.named().containsKey(key)) {
      throw new TemplateFailure("the format names a missing argument '" + name + "'");
    }
    return arguments.named().get(key);
  }

  private static boolean isIndex(String name) {
    return !name.isEmpty() && name.length() < 9 && name.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
