package io.solebox.scout.source;

import io.solebox.scout.item.ItemKey;

/** What was seen before: pages of new things are read until they come to it. */
@FunctionalInterface
public interface Known {
  boolean contains(ItemKey key);
}
