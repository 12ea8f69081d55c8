package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Hands out the logits of every position from one on. */
final class LogitsWork implements Work {
  private final int from;
  private final int length;
  private final LogitsSink sink;
  private final int maxChunk;
  private boolean handedOut;
  private Optional<RuntimeException> sinkError = Optional.empty();
  private final CompletableFuture<Void> result = new CompletableFuture<>();

  /**
   * @param maxChunk rows that the plan can answer in one step for one sequence
   */
  LogitsWork(int from, int length, LogitsSink sink, int maxChunk) {
    this.from = from;
    this.length = length;
    this.sink = sink;
    this.maxChunk = maxChunk;
  }

  /**
   * Completed by the loop: normally, with a {@link SoleboxException}, or with what the sink threw.
   */
  CompletableFuture<Void> result() {
    return result;
  }

  @Override
  public int reusablePrefix() {
    return from;
  }

  @Override
  public void foundInCache(int positions) {}

  @Override
  public int maxChunk() {
    return maxChunk;
  }

  @Override
  public void started() {}

  @Override
  public Optional<RowRequest> request(int token, int position, boolean isLast) {
    return position >= from ? Optional.of(new RowRequest.Logits(token)) : Optional.empty();
  }

  @Override
  public void take(Sequence sequence, int position, Outputs outputs, int slot) {
    if (sinkError.isPresent()) {
      return; // further rows of the same step
    }
    try {
      sink.accept(position, outputs.dense(slot));
      handedOut = position == length - 1;
    } catch (RuntimeException e) {
      sinkError = Optional.of(e);
    }
  }

  @Override
  public boolean isDone() {
    return handedOut || sinkError.isPresent();
  }

  @Override
  public void finished() {
    sinkError.ifPresentOrElse(result::completeExceptionally, () -> result.complete(null));
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
  public void failed(SoleboxException error) {
    result.completeExceptionally(error);
  }
}
