package io.solebox.engine.chat.jinja;

import java.util.List;

/**
 * A Python generator or iterator: counts as true, has no length, and gives its items once. The
 * items are computed already; only what a template can see of laziness is kept.
 */
final class OneShot {
  private final String type;
  private List<Object> rest;

  OneShot(String type, List<Object> items) {
    this.type = type;
    this.rest = items;
  }

  static OneShot generator(List<Object> items) {
    return new OneShot("generator", items);
  }

  String type() {
    return type;
  }

  /** Everything that is left; afterwards nothing is. */
  List<Object> takeAll() {
    List<Object> all = rest;
    rest = List.of();
    return all;
  }

  /** The first of what is left, or an undefined value with that message. */
  Object takeFirst(String messageWhenEmpty) {
    if (rest.isEmpty()) {
      return new Undefined(messageWhenEmpty);
    }
    Object first = rest.getFirst();
    rest = rest.subList(1, rest.size());
    return first;
  }
}
