package io.solebox.engine.chat.jinja;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;

/** Python's tuple; a list prints and compares differently. */
final class Tuple extends AbstractList<Object> {
  private final List<Object> items;

  /** Takes the list over. */
  Tuple(List<Object> items) {
    this.items = items;
  }

  static Tuple of(Object first, Object second) {
    return new Tuple(Arrays.asList(first, second));
  }

  @Override
  public Object get(int index) {
    return items.get(index);
  }

  @Override
  public int size() {
    return items.size();
  }
}
