package io.solebox.scout.toml;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where in a text of TOML each name stands. The parser keeps no places; this looks at the same text
 * once more, and expects that it was sound.
 */
public final class Places {
  /**
   * Of a table in the text.
   *
   * @param path of it, as in {@code watch[1]}
   * @param line of its head, from 1
   */
  public record Section(String path, int line) {}

  /** Line and column, from 1. */
  record Place(int line, int column) {}

  private final String text;
  private final Map<String, Place> places = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final List<Section> sections = new ArrayList<>();
  private int at;
  private int line = 1;
  private int lineStart;
  private String prefix = "";

  private Places(String text) {
    this.text = text;
  }

  /** Of a text that the parser has taken. */
  public static Places of(String text) {
    var places = new Places(text);
    places.scan();
    return places;
  }

  /** The tables with heads of their own, in their order. */
  public List<Section> sections() {
    return List.copyOf(sections);
  }

  /** Of a path, or of what it is in; the first line where nothing is known of it. */
  Place of(List<String> path) {
    for (int length = path.size(); length > 0; length--) {
      Place place = places.get(join(path.subList(0, length)));
      if (place != null) {
        return place;
      }
    }
    return new Place(1, 1);
  }

  private static String join(List<String> path) {
    return String.join("", path).replaceFirst("^\\.", "");
  }

  private void scan() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' || c == ' ' || c == '\t' || c == '\r' || c == '\ufeff') {
        step();
      } else if (c == '#') {
        toLineEnd();
      } else if (c == '[') {
        head();
      } else {
        pair();
      }
    }
  }

  private void head() {
    Place start = here();
    boolean array = text.startsWith("[[", at);
    at += array ? 2 : 1;
    List<String> names = key(']');
    toLineEnd();
    var path = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      path.append(path.isEmpty() ? "" : ".").append(names.get(i));
      boolean last = i == names.size() - 1;
      if (last && array) {
        places.putIfAbsent(path.toString(), start);
        path.append('[').append(counts.merge(path.toString(), 1, Integer::sum) - 1).append(']');
      } else if (counts.containsKey(path.toString())) {
        path.append('[').append(counts.get(path.toString()) - 1).append(']');
      }
    }
    prefix = path.toString();
    places.putIfAbsent(prefix, start);
    sections.add(new Section(prefix, start.line()));
  }

  private void pair() {
    Place start = here();
    String path = String.join(".", key('='));
    if (!prefix.isEmpty()) {
      path = prefix + "." + path;
    }
    places.putIfAbsent(path, start);
    at++;
    value(path);
  }

  /** The parts of a name, up to what ends it. */
  private List<String> key(char end) {
    var parts = new ArrayList<String>();
    var part = new StringBuilder();
    while (at < text.length() && text.charAt(at) != end && text.charAt(at) != '\n') {
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        int start = at + 1;
        string();
        part.append(text, start, at - 1);
        continue;
      }
      if (c == '.') {
        parts.add(part.toString());
        part.setLength(0);
      } else if (!Character.isWhitespace(c)) {
        part.append(c);
      }
      at++;
    }
    parts.add(part.toString());
    return parts;
  }

  /** Passes over a value; the elements of an array have places of their own. */
  private void value(String path) {
    int depth = 0;
    int element = 0;
    boolean begins = true;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\n' && depth == 0) {
        return;
      }
      boolean blank = Character.isWhitespace(c) || c == '#';
      if (depth == 1 && begins && !blank && c != ']') {
        places.putIfAbsent(path + "[" + element + "]", here());
        begins = false;
      }
      switch (c) {
        case '"', '\'' -> string();
        case '#' -> toLineEnd();
        case '[', '{' -> {
          depth++;
          at++;
        }
        case ']', '}' -> {
          depth--;
          at++;
        }
        case ',' -> {
          if (depth == 1) {
            element++;
            begins = true;
          }
          at++;
        }
        default -> step();
      }
    }
  }

  /** Passes over a string, whatever its quotes. */
  private void string() {
    char quote = text.charAt(at);
    String three = String.valueOf(quote).repeat(3);
    String end = text.startsWith(three, at) ? three : String.valueOf(quote);
    at += end.length();
    while (at < text.length() && !text.startsWith(end, at)) {
      if (text.charAt(at) == '\\' && quote == '"') {
        at++; // what follows a backslash is no end
      }
      step();
    }
    at += end.length();
    while (end.length() == 3 && at < text.length() && text.charAt(at) == quote) {
      at++; // up to two quotes may stand before the three that end it
    }
  }

  private void toLineEnd() {
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private void step() {
    if (at < text.length() && text.charAt(at) == '\n') {
      line++;
      lineStart = at + 1;
    }
    at++;
  }

  private Place here() {
    return new Place(line, text.codePointCount(Math.min(lineStart, at), at) + 1);
  }
}
