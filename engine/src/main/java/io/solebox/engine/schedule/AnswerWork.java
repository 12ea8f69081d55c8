package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.FinishReason;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.sample.Sampler;
import java.util.Optional;
import java.util.Set;

/** Makes an answer: samples a token from each step's last row until something ends it. */
final class AnswerWork implements Work {
  private final SamplingParams params;
  private final Sampler sampler;
  private final Set<Integer> stopIds;
  private final int contextTokens;
  private final int promptTokens;
  private final QueuedGeneration generation;
  private final long submitted = System.nanoTime();
  private long started;
  private long firstToken;
  private int cachedTokens;
  private int completionTokens;
  private Optional<FinishReason> reason = Optional.empty();

  AnswerWork(
      int[] prompt,
      SamplingParams params,
      Sampler sampler,
      Set<Integer> stopIds,
      int contextTokens,
      QueuedGeneration generation) {
    this.params = params;
    this.sampler = sampler;
    this.stopIds = stopIds;
    this.contextTokens = contextTokens;
    this.promptTokens = prompt.length;
    this.generation = generation;
  }

  @Override
  public int reusablePrefix() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void foundInCache(int positions) {
    // After a preemption the sequence finds its own blocks again; that is no saving for the user.
    if (started == 0) {
      cachedTokens = positions;
    }
  }

  @Override
  public int maxChunk() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void started() {
    if (started == 0) {
      started = System.nanoTime();
    }
  }

  @Override
  public Optional<RowRequest> request(int token, int position, boolean isLast) {
    return isLast ? Optional.of(sampler.request(token)) : Optional.empty();
  }

  @Override
  public void take(Sequence sequence, int position, Outputs outputs, int slot) {
    Sampler.Choice choice = sampler.choose(outputs, slot);
    if (completionTokens++ == 0) {
      firstToken = System.nanoTime();
    }
    if (stopIds.contains(choice.id())) {
      reason = Optional.of(FinishReason.STOP);
      return;
    }
    generation.put(new Generation.Token(choice.id(), choice.logprobs()));
    sequence.append(choice.id());
    if (completionTokens == params.maxTokens() || sequence.length() >= contextTokens) {
      reason = Optional.of(FinishReason.LENGTH);
    }
  }

  @Override
  public void finished() {
    generation.put(new Generation.End(reason.orElseThrow(), usage()));
  }

  private Generation.Usage usage() {
    long now = System.nanoTime();
    long begun = started == 0 ? now : started;
    long first = firstToken == 0 ? now : firstToken;
    return new Generation.Usage(
        promptTokens,
        cachedTokens,
        completionTokens,
        begun - submitted,
        first - begun,
        now - first);
  }

  @Override
  public boolean isDone() {
    return reason.isPresent();
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
