package io.solebox.engine.json;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;
import tools.jackson.core.TokenStreamContext;

/** Where a parser stands, as in {@code messages[3].content}. */
final class JsonPath {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$-]{0,79}");
  private static final int MAX_NAME = 40;
  private static final int MAX_STEPS = 12;

  private JsonPath() {}

  /**
   * @param inName whether it stands where the next name of an object was expected
   */
  static String of(TokenStreamContext here, boolean inName) {
    Deque<String> steps = new ArrayDeque<>();
    boolean nameless = inName;
    for (TokenStreamContext at = here; at != null && !at.inRoot(); at = at.getParent()) {
      if (at.inArray()) {
        steps.addFirst("[" + Math.max(0, at.getCurrentIndex()) + "]");
      } else if (at.currentName() != null && !nameless) {
        steps.addFirst(name(at.currentName()));
      }
      nameless = false;
    }
    String path = String.join("", steps.stream().limit(MAX_STEPS).toList());
    String whole = path.startsWith(".") ? path.substring(1) : path;
    return steps.size() > MAX_STEPS ? whole + "..." : whole;
  }

  private static String name(String name) {
    return PLAIN.matcher(name).matches()
        ? "." + name
        : "[\"" + Words.printable(name, MAX_NAME) + "\"]";
  }
}
