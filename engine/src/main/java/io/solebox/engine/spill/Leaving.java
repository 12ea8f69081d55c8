package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptPlace;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What had to leave its place, and lies there still, since nobody has written over it yet. Owned by
 * one engine loop.
 */
final class Leaving {
  /**
   * Of a place.
   *
   * @param tokens that must be computed again without it
   */
  record Content(SpillKey key, KeptPlace place, int tokens) {}

  private final Map<KeptPlace, Content> byPlace = new HashMap<>();
  private final Map<SpillKey, Content> byKey = new HashMap<>();

  void add(Content content) {
    assert !byPlace.containsKey(content.place()) : "it was written over meanwhile";
    if (byKey.putIfAbsent(content.key(), content) == null) {
      byPlace.put(content.place(), content);
    }
  }

  Optional<Content> find(SpillKey key) {
    return Optional.ofNullable(byKey.get(key));
  }

  /** Takes out what lies at a place. */
  Optional<Content> remove(KeptPlace place) {
    Optional<Content> content = Optional.ofNullable(byPlace.remove(place));
    content.ifPresent(c -> byKey.remove(c.key()));
    return content;
  }

  boolean isEmpty() {
    return byKey.isEmpty();
  }

  List<Content> all() {
    return List.copyOf(byKey.values());
  }

  void clear() {
    byPlace.clear();
    byKey.clear();
  }
}
