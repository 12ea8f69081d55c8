package io.solebox.hardware.bundle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Follows symbolic links within a tree whose root nothing leads out of. */
final class Links {
  /** As Linux does before it says ELOOP. */
  private static final int MOST = 40;

  private Links() {}

  /**
   * Where a path leads once no part of it is a link.
   *
   * @param link what a link at a path points at
   * @return empty of a path that leads out of the tree, or around in circles
   */
  static Optional<String> real(String path, Function<String, Optional<String>> link) {
    Deque<String> ahead = new ArrayDeque<>(List.of(path.split("/")));
    List<String> behind = new ArrayList<>();
    int followed = 0;
    while (!ahead.isEmpty()) {
      String part = ahead.pop();
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        if (behind.isEmpty()) {
          return Optional.empty();
        }
        behind.removeLast();
        continue;
      }
      behind.add(part);
      Optional<String> target = link.apply(String.join("/", behind));
      if (target.isPresent()) {
        if (++followed > MOST) {
          return Optional.empty();
        }
        behind.removeLast();
        if (target.get().startsWith("/")) {
          behind.clear(); // the tree's root, not that of the machine it is looked at on
        }
        List.of(target.get().split("/")).reversed().forEach(ahead::push);
      }
    }
    return Optional.of(String.join("/", behind));
  }
}
