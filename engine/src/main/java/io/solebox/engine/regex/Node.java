package io.solebox.engine.regex;

import java.util.List;

/** A pattern as it was written. */
public sealed interface Node {
  /** No bound on how often something is repeated. */
  int UNBOUNDED = Integer.MAX_VALUE;

  record Chars(CodePointSet set) implements Node {}

  /** All of these, one after the other; none for the empty pattern. */
  record Sequence(List<Node> parts) implements Node {}

  /** The first of these with which the rest matches. */
  record Choice(List<Node> options) implements Node {}

  /** From {@code min} to {@code max} times, as many as possible if {@code greedy}. */
  record Repeat(Node body, int min, int max, boolean greedy) implements Node {}

  /** A condition on the characters to both sides; takes no character. */
  record Edge(Side side, CodePointSet set, boolean negated) implements Node {}

  /** Whether {@code body} matches at this place; takes no character. */
  record Look(Node body, boolean ahead, boolean negated) implements Node {}

  /** What an {@link Edge} asks; there is no character before the first and behind the last. */
  enum Side {
    /** Whether the character before is in the set. */
    BEFORE,
    /** Whether the character behind is in the set. */
    BEHIND,
    /** Whether one of the two is, and the other not. */
    DIFFERS
  }

  Node EMPTY = new Sequence(List.of());

  /** What matches the same texts read from the end. */
  default Node reversed() {
    return switch (this) {
      case Chars chars -> chars;
      case Sequence(List<Node> parts) ->
          new Sequence(parts.reversed().stream().map(Node::reversed).toList());
      case Choice(List<Node> options) -> new Choice(options.stream().map(Node::reversed).toList());
      case Repeat(Node body, int min, int max, boolean greedy) ->
          new Repeat(body.reversed(), min, max, greedy);
      case Edge(Side side, CodePointSet set, boolean negated) ->
          new Edge(
              switch (side) {
                case BEFORE -> Side.BEHIND;
                case BEHIND -> Side.BEFORE;
                case DIFFERS -> Side.DIFFERS;
              },
              set,
              negated);
      case Look look -> look; // refused where something is reversed
    };
  }
}
