package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.sample.Sampler;
import java.util.Optional;
import java.util.Set;

/** Makes an answer: samples a token from each step's last row until something ends it. */
final class AnswerWork implements Work {
  private final GenerationRequest request;
  private final int variant;
  private final Sampler sampler;
  private final Set<Integer> stopIds;
  private final int contextTokens;
  private final QueuedGeneration generation;
  private final long submitted = System.nanoTime();
  private Optional<Long> started = Optional.empty();
  private Optional<Long> firstToken = Optional.empty();
  private int cachedTokens;
  private int completionTokens;
  private Optional<FinishReason> reason = Optional.empty();
  private Optional<SoleboxException> failure = Optional.empty();

  AnswerWork(
      GenerationRequest request,
      int variant,
      Sampler sampler,
      Set<Integer> stopIds,
      int contextTokens,
      QueuedGeneration generation) {
    this.request = request;
    this.variant = variant;
    this.sampler = sampler;
    this.stopIds = stopIds;
    this.contextTokens = contextTokens;
    this.generation = generation;
  }

  @Override
  public int reusablePrefix() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int rows(int from, int to, int length) {
    return to == length ? 1 : 0;
  }

  @Override
  public boolean isWhole() {
    return false;
  }

  @Override
  public int variant() {
    return variant;
  }

  @Override
  public Priority priority() {
    return request.priority();
  }

  @Override
  public String user() {
    return request.user();
  }

  @Override
  public Optional<Long> deadlineNanos() {
    return request.deadline().map(d -> submitted + d.toNanos());
  }

  @Override
  public void queued(int ahead) {
    generation.put(new Generation.Queued(ahead));
  }

  @Override
  public void started(int cached) {
    // After a preemption the sequence finds its own blocks again; that is no saving for the user.
    if (started.isEmpty()) {
      started = Optional.of(System.nanoTime());
      cachedTokens = cached;
    }
  }

  @Override
  public void computed(int positions, int length) {
    if (firstToken.isEmpty() && positions < length) {
      generation.put(new Generation.Prefilling(positions, length));
    }
  }

  @Override
  public Optional<RowRequest> request(int token, int position, boolean isLast) {
    return isLast ? Optional.of(sampler.request(token)) : Optional.empty();
  }

  @Override
  public void take(Sequence sequence, int position, Outputs outputs, int slot) {
    try {
      take(sequence, sampler.choose(outputs, slot));
    } catch (SoleboxException e) {
      failure = Optional.of(e); // of this answer alone; its neighbours go on
    }
  }

  private void take(Sequence sequence, Sampler.Choice choice) {
    if (completionTokens++ == 0) {
      firstToken = Optional.of(System.nanoTime());
    }
    if (stopIds.contains(choice.id())) {
      reason = Optional.of(FinishReason.STOP);
      return;
    }
    generation.put(new Generation.Token(choice.id(), choice.logprobs()));
    sequence.append(choice.id());
    if (completionTokens == request.sampling().maxTokens() || sequence.length() >= contextTokens) {
      reason = Optional.of(FinishReason.LENGTH);
    }
  }

  @Override
  public void finished() {
    failure.ifPresentOrElse(
        this::failed, () -> generation.put(new Generation.End(reason.orElseThrow(), usage())));
  }

  private Generation.Usage usage() {
    long now = System.nanoTime();
    long begun = started.orElse(now);
    long first = firstToken.orElse(now);
    return new Generation.Usage(
        request.prompt().length,
        cachedTokens,
        completionTokens,
        begun - submitted,
        first - begun,
        now - first);
  }

  @Override
  public boolean isDone() {
    return reason.isPresent() || failure.isPresent();
  }

  @Override
  public Optional<SoleboxException> failure() {
    return failure;
  }

  @Override
  public boolean isCancelled() {
    return generation.isClosed();
  }

  @Override
  public void cancelled() {
    generation.put(new Generation.End(FinishReason.CANCELLED, usage()));
  }

  @Override
  public void failed(SoleboxException error) {
    generation.put(new Generation.Failed(error));
  }
}
