package io.solebox.engine.constrain.match;

import java.util.Arrays;

/**
 * Where texts go on behind the rules that they are in: a set of stacks, by their topmost position,
 * each with the set of what is under it. Equal sets of one {@link FrameTable} are one object.
 */
public final class Frames {
  static final Frames NONE = new Frames(new Position[0], new Frames[0]);

  /** Sorted, none twice. */
  final Position[] tops;

  /** What is under each. */
  final Frames[] under;

  /** What may follow where a text is at one of the tops; null where nobody asked yet. */
  MatchState state;

  private final int hash;

  Frames(Position[] tops, Frames[] under) {
    this.tops = tops;
    this.under = under;
    int sum = 1;
    for (int i = 0; i < tops.length; i++) {
      sum = 31 * (31 * sum + tops[i].order) + System.identityHashCode(under[i]);
    }
    this.hash = sum;
  }

  int size() {
    return tops.length;
  }

  /** Same positions over the same objects. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof Frames frames) || !Arrays.equals(tops, frames.tops)) {
      return false;
    }
    for (int i = 0; i < under.length; i++) {
      if (under[i] != frames.under[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
