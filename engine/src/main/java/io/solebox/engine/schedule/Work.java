package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.Priority;
import java.util.Optional;

/**
 * What a sequence is run for: asks for rows, takes their results. Called by the engine loop only.
 */
sealed interface Work permits AnswerWork, RowWork {
  /** Positions that may come from the prefix cache instead of being computed. */
  int reusablePrefix();

  /** Rows that it asks for of the positions {@code from} to {@code to}, exclusive. */
  int rows(int from, int to, int length);

  /** Whether all its positions must be computed in one step. */
  boolean isWhole();

  /** Of the model that computes it: the number of an adapter, 0 for the model alone. */
  int variant();

  Priority priority();

  /** Whose it is. */
  Owner owner();

  /** When it is of no use any more, as {@link System#nanoTime()} has it. */
  Optional<Long> deadlineNanos();

  /** It waits, and so many others are before it. */
  void queued(int ahead);

  /** Of its {@code length} positions so many were found in the prefix cache; others come next. */
  void started(int cached, int length);

  /** So many of its first {@code length} positions are computed. */
  void computed(int positions, int length);

  /**
   * What is wanted of a token.
   *
   * @param token its index in the batch
   * @param length ids of the sequence that are known; positions from there on hold guesses
   */
  Optional<RowRequest> request(int token, int position, int length);

  /** Takes what {@link #request} asked for; may append a token to the sequence. */
  void take(Sequence sequence, int position, Outputs outputs, int slot);

  /** All rows of a step were taken; returns how many of the ids in it were guessed wrongly. */
  int settle();

  /** A step has advanced the sequence: it may append what comes next in any case. */
  void goOn(Sequence sequence);

  boolean isDone();

  /** What is to be dropped of its {@code length} ids before it can go on; empty mostly. */
  default Optional<ContextShift> shift(int length) {
    return Optional.empty();
  }

  /** So many ids were dropped. */
  default void shifted(int tokens) {}

  /** What ended it, if that was an error of its own. */
  Optional<? extends RuntimeException> failure();

  /** It is done and its memory is free: the owner may know. */
  void finished();

  /** Whether its owner has gone. */
  boolean isCancelled();

  void cancelled();

  void failed(SoleboxException error);
}
