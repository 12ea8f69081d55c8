package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;

/**
 * What a sequence is run for: asks for rows, takes their results. Called by the engine loop only.
 */
sealed interface Work permits AnswerWork, LogitsWork {
  /** Positions that may come from the prefix cache instead of being computed. */
  int reusablePrefix();

  void foundInCache(int positions);

  /** Most tokens that it takes in one step. */
  int maxChunk();

  /** The first tokens of it are about to be computed. */
  void started();

  /**
   * What is wanted of a token.
   *
   * @param token its index in the batch
   * @param isLast whether it is the sequence's last known id
   */
  Optional<RowRequest> request(int token, int position, boolean isLast);

  /** Takes what {@link #request} asked for; may append a token to the sequence. */
  void take(Sequence sequence, int position, Outputs outputs, int slot);

  boolean isDone();

  /** It is done and its blocks are free: the owner may know. */
  void finished();

  /** Whether its owner has gone. */
  boolean isCancelled();

  void cancelled();

  void failed(SoleboxException error);
}
