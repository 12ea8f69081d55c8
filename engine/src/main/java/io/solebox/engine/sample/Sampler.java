package io.solebox.engine.sample;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.SparseBias;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Chooses the tokens of one answer. Says beforehand what it needs of a row ({@link #request}), so
 * that no more leaves the backend; then chooses from it ({@link #choose}). Its state (seed, what
 * was said) is its own, so an answer does not depend on what else is in the batch, nor on
 * preemptions.
 */
public final class Sampler {
  /** Up to this many candidates a backend sorts out itself; more are taken from all logits. */
  public static final int MAX_CANDIDATES = 256;

  /** What was chosen. */
  public record Choice(int id, Optional<Generation.Logprobs> logprobs) {}

  private final SamplingParams params;
  private final int vocab;
  private final Penalties penalties;
  private final SplittableRandom random;
  private final Candidates candidates = new Candidates();
  private final boolean needsAllLogits;

  /**
   * @param prompt the ids before the answer; repetition counts over both
   * @param vocab V
   * @param drawnSeed used when the parameters have none
   */
  public Sampler(SamplingParams params, int[] prompt, int vocab, long drawnSeed) {
    this.params = params;
    this.vocab = vocab;
    this.penalties = new Penalties(params, prompt);
    this.random = new SplittableRandom(params.seed().orElse(drawnSeed));
    this.needsAllLogits =
        params.logprobs().isPresent() || (!params.isGreedy() && params.topK() > MAX_CANDIDATES);
  }

  /** What is needed of the row of {@code token}, an index into the batch. */
  public RowRequest request(int token) {
    if (needsAllLogits) {
      return new RowRequest.Logits(token);
    }
    SparseBias bias = penalties.bias();
    return params.isGreedy()
        ? new RowRequest.Argmax(token, bias)
        : new RowRequest.TopK(token, Math.min(params.topK(), vocab), bias);
  }

  /** Chooses from slot {@code slot}, which answers the last {@link #request}. */
  public Choice choose(Outputs outputs, int slot) {
    Optional<Generation.Logprobs> logprobs = Optional.empty();
    int id;
    if (needsAllLogits) {
      MemorySegment logits = outputs.dense(slot);
      Optional<LogprobTable> table = logprobTable(logits); // before the bias changes them
      int chosen = chooseFromAll(logits);
      logprobs = table.map(t -> t.of(chosen));
      id = chosen;
    } else {
      candidates.set(
          outputs.candidateIds(slot), outputs.candidateLogits(slot), outputs.candidateCount(slot));
      id = draw();
    }
    penalties.said(id);
    return new Choice(id, logprobs);
  }

  private Optional<LogprobTable> logprobTable(MemorySegment logits) {
    return params.logprobs().isPresent()
        ? Optional.of(LogprobTable.of(logits, vocab, params.logprobs().getAsInt()))
        : Optional.empty();
  }

  private int chooseFromAll(MemorySegment logits) {
    SparseBias bias = penalties.bias();
    for (int i = 0; i < bias.size(); i++) {
      int at = bias.ids()[i];
      float changed = bias.apply(i, logits.getAtIndex(ValueLayout.JAVA_FLOAT, at));
      logits.setAtIndex(ValueLayout.JAVA_FLOAT, at, changed);
    }
    if (FullVocabulary.isUnfiltered(params)) {
      return FullVocabulary.draw(logits, vocab, params.temperature(), random.nextDouble());
    }
    FullVocabulary.gather(params, logits, vocab, candidates);
    return draw();
  }

  private int draw() {
    if (params.isGreedy()) {
      return candidates.id(0);
    }
    candidates.truncate(params.topK());
    if (params.typicalP() < 1) {
      candidates.keepTypical(params.typicalP());
    }
    if (params.topP() < 1) {
      candidates.keepTopP(params.topP());
    }
    if (params.minP() > 0) {
      candidates.keepMinP(params.minP());
    }
    return candidates.draw(params.temperature(), random.nextDouble());
  }
}
