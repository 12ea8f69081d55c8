package io.solebox.engine.constrain.match;

/** A place in a grammar where a text may be. One object per place of one {@link Machine}. */
abstract sealed class Position permits Place, Position.Count, Position.Bottom {
  /** Sets of positions are sorted by it. */
  final int order;

  /** The stacks under it in the state that is being made, and none in between ({@link Closing}). */
  Frames under = Frames.NONE;

  /** Whether it was reached in the state that is being made. */
  boolean reached;

  /** Whether where it leads to is to be found yet. */
  boolean open;

  Position(int order) {
    this.order = order;
  }

  /** Behind the text: where nothing more is said. */
  static final class Bottom extends Position {
    Bottom(int order) {
      super(order);
    }
  }

  /** Between the texts of a loop. */
  static final class Count extends Position {
    /** A number that stays as it is when one is taken away. */
    static final int ANY = Integer.MAX_VALUE;

    final Place body;

    /** How many texts must follow. */
    final int needed;

    /** How many texts may follow. */
    final int remaining;

    Count(int order, Place body, int needed, int remaining) {
      super(order);
      this.body = body;
      this.needed = needed;
      this.remaining = remaining;
    }
  }
}
