package io.solebox.engine.constrain.match;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * What may follow a text that was read: all places where a rule goes on with a byte or a token,
 * with the stacks under them. Equal states of one {@link Machine} are one object, which remembers
 * where bytes lead. Owned by the machine's thread.
 */
public final class MatchState {
  final Place[] places;
  final Frames[] stacks;

  /** By class of byte; null where nobody asked yet. */
  final MatchState[] next;

  /** Where the characters of a kind lead, whichever they are ({@link UniformSteps}). */
  final MatchState[] behindKind = new MatchState[UniformSteps.KINDS];

  private final boolean complete;
  private final int hash;

  MatchState(Place[] places, Frames[] stacks, boolean complete, int classes) {
    this.places = places;
    this.stacks = stacks;
    this.complete = complete;
    this.next = new MatchState[places.length == 0 ? 0 : classes];
    int sum = complete ? 1 : 0;
    for (int i = 0; i < places.length; i++) {
      sum = 31 * (31 * sum + places[i].order) + System.identityHashCode(stacks[i]);
    }
    this.hash = sum;
  }

  /** Number of places where a rule goes on. */
  public int numPlaces() {
    return places.length;
  }

  /** The byte that must follow, where that is clear at once. */
  public OptionalInt onlyByte() {
    if (complete || places.length == 0) {
      return OptionalInt.empty();
    }
    OptionalInt only = places[0].onlyByte;
    for (Place place : places) {
      if (!place.says.isEmpty() || !place.onlyByte.equals(only)) {
        return OptionalInt.empty();
      }
    }
    return only;
  }

  /** Whether tokens may follow by name. */
  public boolean saysTokens() {
    for (Place place : places) {
      if (!place.says.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a token may follow by name. */
  public boolean says(int id) {
    for (Place place : places) {
      for (Place.Said said : place.says) {
        if (said.tokens().ids().contains(id) != said.tokens().others()) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether the text may end here. */
  public boolean isComplete() {
    return complete;
  }

  /** Whether no text begins so. */
  public boolean isDead() {
    return !complete && places.length == 0;
  }

  /** Whether nothing may follow. */
  public boolean isOver() {
    return places.length == 0;
  }

  /** The same places over the same stacks. */
  @Override
  public boolean equals(Object other) {
    if (!(other instanceof MatchState state)
        || complete != state.complete
        || !Arrays.equals(places, state.places)) {
      return false;
    }
    for (int i = 0; i < stacks.length; i++) {
      if (stacks[i] != state.stacks[i]) {
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
