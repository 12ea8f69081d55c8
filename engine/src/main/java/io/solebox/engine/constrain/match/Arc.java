package io.solebox.engine.constrain.match;

import io.solebox.engine.constrain.grammar.Expression.Tokens;

/** A way from one state of a {@link Network} to another. */
sealed interface Arc {
  int to();

  /** Without a byte. */
  record Free(int to) implements Arc {}

  /** By one byte from {@code low} to {@code high}, both included. */
  record Bytes(int low, int high, int to) implements Arc {}

  /** By a text of the rule that begins in state {@code start}. */
  record Enter(int start, int to) implements Arc {}

  /** By so many texts of the rule that begins in state {@code start}. */
  record Loop(int start, int min, int max, int to) implements Arc {}

  /** By one of these tokens. */
  record Say(Tokens tokens, int to) implements Arc {}
}
