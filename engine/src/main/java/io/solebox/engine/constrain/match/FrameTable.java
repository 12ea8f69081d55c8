package io.solebox.engine.constrain.match;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** All sets of stacks of one machine. Owned by one thread at a time. */
final class FrameTable {
  private final Map<Frames, Frames> known = new HashMap<>();

  Frames push(Position top, Frames under) {
    return known(new Frames(new Position[] {top}, new Frames[] {under}));
  }

  /**
   * @param tops sorted, none twice
   */
  Frames of(Position[] tops, Frames[] under) {
    return known(new Frames(tops, under));
  }

  private Frames known(Frames frames) {
    Frames old = known.putIfAbsent(frames, frames);
    return old == null ? frames : old;
  }

  /**
   * The stacks of both sets: {@code one} itself where it has them all.
   *
   * @param work is told of every set that is made
   */
  Frames union(Frames one, Frames other, WorkLimit work) {
    return union(one, other, 0, work);
  }

  /** What lies deeper counts more, which bounds the depth too. */
  private Frames union(Frames one, Frames other, int depth, WorkLimit work) {
    if (one == other || other.size() == 0) {
      return one;
    }
    work.add(1 + depth + one.size() + other.size());
    Position[] tops = new Position[one.size() + other.size()];
    Frames[] under = new Frames[tops.length];
    int count = 0;
    int i = 0;
    int j = 0;
    while (i < one.size() || j < other.size()) {
      int order = i < one.size() ? one.tops[i].order : Integer.MAX_VALUE;
      int theirs = j < other.size() ? other.tops[j].order : Integer.MAX_VALUE;
      if (order < theirs) {
        tops[count] = one.tops[i];
        under[count++] = one.under[i++];
      } else if (order > theirs) {
        tops[count] = other.tops[j];
        under[count++] = other.under[j++];
      } else {
        tops[count] = one.tops[i];
        under[count++] = union(one.under[i++], other.under[j++], depth + 1, work);
      }
    }
    Frames both = new Frames(Arrays.copyOf(tops, count), Arrays.copyOf(under, count));
    return both.equals(one) ? one : known(both);
  }

  int size() {
    return known.size();
  }

  void clear() {
    known.clear();
  }
}
