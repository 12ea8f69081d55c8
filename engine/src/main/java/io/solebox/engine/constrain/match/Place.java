package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.grammar.Expression.Tokens;
import java.util.List;
import java.util.OptionalInt;

/**
 * A set of states of one rule, between which what was read of it does not decide: a state of the
 * rule's deterministic automaton. Found step by step ({@link Places}).
 */
final class Place extends Position {
  /** By class of byte; null where nobody asked yet, and a place without states for no way. */
  final Place[] next;

  /** Sorted states of the network, without those that only lead elsewhere without a byte. */
  final int[] states;

  /** Whether the rule may end here. */
  final boolean end;

  /** Whether a byte may follow here. */
  final boolean readsBytes;

  /** The byte that must follow, if the rule can go on with one byte only. */
  final OptionalInt onlyByte;

  /** Tokens by name that may follow. */
  final List<Said> says;

  /** Null where nobody asked yet. */
  List<Entry> entries;

  /** Kinds of characters of which {@link #alikeKinds} is known. */
  int askedKinds;

  /** Kinds of characters that all lead to the same place, whichever they are. */
  int alikeKinds;

  /**
   * A rule that may begin here.
   *
   * @param body its beginning
   * @param loop whether it is repeated, {@code min} to {@code max} times; once otherwise
   * @param back where it goes on behind that
   */
  record Entry(Place body, boolean loop, int min, int max, Place back) {}

  /** A token by name. */
  record Said(Tokens tokens, int to) {}

  Place(
      int order,
      int[] states,
      int classes,
      boolean end,
      boolean readsBytes,
      OptionalInt onlyByte,
      List<Said> says) {
    super(order);
    this.states = states;
    this.end = end;
    this.readsBytes = readsBytes;
    this.onlyByte = onlyByte;
    this.says = says;
    this.next = new Place[readsBytes ? classes : 0];
  }

  boolean isNowhere() {
    return states.length == 0;
  }

  /** Whether the rule can go on with bytes of its own only. */
  boolean isInside(Places places) {
    return !end && says.isEmpty() && places.entries(this).isEmpty();
  }

  /** Whether nothing of the rule can follow. */
  boolean isOver() {
    return end && !readsBytes && says.isEmpty() && entries.isEmpty();
  }
}
