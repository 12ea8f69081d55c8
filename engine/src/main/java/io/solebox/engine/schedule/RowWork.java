package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Priority;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Runs a sequence for what its rows say, and appends nothing: logits, probabilities of ids that are
 * known, hidden states.
 */
final class RowWork implements Work {
  /** What is wanted of the rows, and who takes it. */
  interface Rows {
    /** The first position of which a row is wanted; those before may come from the prefix cache. */
    int from();

    RowRequest request(int token, int position);

    /** Takes the answer; what it throws ends the work. */
    void take(int position, Outputs outputs, int slot);
  }

  private final Rows wanted;
  private final Owner owner;
  private final Priority priority;
  private final int variant;
  private final int last;
  private final boolean whole;
  private final CompletableFuture<Void> result = new CompletableFuture<>();
  private boolean handedOut;
  private Optional<RuntimeException> error = Optional.empty();

  /**
   * @param owner whose they are
   * @param priority how urgent they are
   * @param variant of the model that computes them
   * @param last the last position of which a row is wanted
   * @param whole whether the sequence must be computed in one step
   */
  RowWork(Rows wanted, Owner owner, Priority priority, int variant, int last, boolean whole) {
    this.wanted = wanted;
    this.owner = owner;
    this.priority = priority;
    this.variant = variant;
    this.last = last;
    this.whole = whole;
  }

  /**
   * Completed by the loop: normally, with a {@link SoleboxException}, or with what a taker threw.
   */
  CompletableFuture<Void> result() {
    return result;
  }

  @Override
  public int reusablePrefix() {
    return whole ? 0 : wanted.from();
  }

  @Override
  public int rows(int from, int to, int length) {
    return Math.max(0, Math.min(to, last + 1) - Math.max(from, wanted.from()));
  }

  @Override
  public boolean isWhole() {
    return whole;
  }

  @Override
  public int variant() {
    return variant;
  }

  @Override
  public Priority priority() {
    return priority;
  }

  @Override
  public Owner owner() {
    return owner;
  }

  @Override
  public Optional<Long> deadlineNanos() {
    return Optional.empty();
  }

  @Override
  public void queued(int ahead) {}

  @Override
  public void started(int cached, int length) {}

  @Override
  public void computed(int positions, int length) {}

  @Override
  public Optional<RowRequest> request(int token, int position, int length) {
    return position >= wanted.from() && position <= last
        ? Optional.of(wanted.request(token, position))
        : Optional.empty();
  }

  @Override
  public void take(Sequence sequence, int position, Outputs outputs, int slot) {
    if (error.isPresent()) {
      return; // further rows of the same step
    }
    try {
      wanted.take(position, outputs, slot);
      handedOut = position == last;
    } catch (RuntimeException e) {
      error = Optional.of(e);
    }
  }

  @Override
  public void goOn(Sequence sequence) {}

  @Override
  public int settle() {
    return 0;
  }

  @Override
  public boolean isDone() {
    return handedOut || error.isPresent();
  }

  @Override
  public void finished() {
    error.ifPresentOrElse(result::completeExceptionally, () -> result.complete(null));
  }

  @Override
  public Optional<RuntimeException> failure() {
    return error;
  }

  @Override
  public boolean isCancelled() {
    return result.isCancelled();
  }

  @Override
  public void cancelled() {
    result.cancel(false);
  }

  @Override
  public void failed(SoleboxException failure) {
    result.completeExceptionally(failure);
  }
}
