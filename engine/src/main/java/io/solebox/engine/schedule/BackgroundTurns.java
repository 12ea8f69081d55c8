package io.solebox.engine.schedule;

import io.solebox.engine.backend.KvBlocks;
import java.util.Optional;

/**
 * What people owe to background work: one token for each {@link #PATIENCE} of theirs that were
 * computed while it wanted some, less those that it had. With a chunk of it it comes before their
 * prompts. Where it is not even let in, it takes the next place as soon as it is owed enough to get
 * on by {@link #LEAST} tokens, whatever must be computed again, and then keeps the place until it
 * has had them. So it ends some day, however busy people are.
 */
final class BackgroundTurns {
  private static final int PATIENCE = 15;
  private static final int LEAST = 128;

  /** Less than that is not worth a chunk of its own. */
  private static final int CHUNK = KvBlocks.TOKENS;

  private double owed;
  private double most;
  private Optional<Sequence> keeper = Optional.empty();

  /** A step is about to be made; says of each background sequence that it is there. */
  void begin() {
    most = 0;
  }

  void isThere(Sequence sequence) {
    most = Math.max(most, price(sequence));
  }

  /** What one that waits must be owed to be let in before people. */
  private static int price(Sequence sequence) {
    return sequence.uncomputed() + LEAST;
  }

  /** So many tokens of people are in the step. */
  void people(int tokens) {
    owe((double) tokens / PATIENCE);
  }

  /** So many tokens of background work are in the step. */
  void background(int tokens) {
    owe(-tokens);
  }

  private void owe(double tokens) {
    owed = Math.clamp(owed + tokens, 0, most);
    if (owed < 1) {
      keeper = Optional.empty();
    }
  }

  /** Whether it comes before people's prompts. */
  boolean isDue() {
    return owed >= CHUNK;
  }

  /** Tokens that it may have then. */
  int owed() {
    return (int) owed;
  }

  /** Whether one that waits is let in before people. */
  boolean enters(Sequence sequence) {
    return owed >= price(sequence);
  }

  /** It was let in. */
  void admitted(Sequence sequence) {
    if (enters(sequence)) {
      keeper = Optional.of(sequence);
    }
  }

  /** Whether it gives way to people who wait. */
  boolean yields(Sequence sequence) {
    return keeper.isEmpty() || keeper.get() != sequence;
  }

  void left(Sequence sequence) {
    keeper = keeper.filter(k -> k != sequence);
  }
}
