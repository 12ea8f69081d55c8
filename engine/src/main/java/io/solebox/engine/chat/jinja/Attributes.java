package io.solebox.engine.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The {@code attribute} argument of filters: {@code "a.b.0"}, or a number. */
final class Attributes {
  private final Budget budget;
  private final List<Object> path;
  private final Optional<Object> fallback;

  private Attributes(Budget budget, List<Object> path, Optional<Object> fallback) {
    this.budget = budget;
    this.path = path;
    this.fallback = fallback;
  }

  /**
   * @param attribute None for the value itself
   * @param fallback instead of an undefined value
   */
  static Attributes of(Budget budget, Object attribute, Optional<Object> fallback) {
    List<Object> path = new ArrayList<>();
    if (Markup.plain(attribute) instanceof Text text) {
      budget.scan(text.length());
      for (String part : text.string().split("\\.", -1)) {
        boolean index =
            !part.isEmpty()
                && part.length() < 10
                && part.chars().allMatch(c -> c >= '0' && c <= '9');
        budget.elements(1);
        path.add(index ? (Object) Long.valueOf(part) : Text.plain(part));
      }
    } else if (attribute != null) {
      path.add(attribute);
    }
    return new Attributes(budget, path, fallback);
  }

  Object get(Object owner) {
    Object value = owner;
    for (Object part : path) {
      budget.steps(1);
      value = Access.element(budget, value, part);
      if (value instanceof Undefined && fallback.isPresent()) {
        value = fallback.get();
      }
    }
    return value;
  }

  /** The same, in lower case if it is a text and case does not count. */
  Object key(Object owner, boolean caseSensitive) {
    Object value = get(owner);
    return !caseSensitive && Markup.plain(value) instanceof Text text
        ? text.map(PyText::lower)
        : value;
  }
}
