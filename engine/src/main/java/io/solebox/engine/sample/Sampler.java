package io.solebox.engine.sample;

import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Chooses the tokens of one answer. Says beforehand what it needs of a row ({@link #request}), so
 * that no more leaves the backend, and most of the work is done there; then chooses from it ({@link
 * #choose}). Its state (seed, what was said) is its own, so an answer does not depend on what else
 * is in the batch, nor on preemptions.
 */
public final class Sampler {
  /** Up to this many candidates a backend sorts out itself; more are taken from all logits. */
  public static final int MAX_CANDIDATES = 256;

  /** What was chosen. */
  public record Choice(int id, Optional<Generation.Logprobs> logprobs) {}

  /** How it goes about it, which never changes. */
  private enum Way {
    /** The best. */
    GREEDY,
    /** From the k best. */
    TOP_K,
    /** From the likeliest, which are hardly ever more than {@link #MAX_CANDIDATES}. */
    NUCLEUS,
    /** From all, by the backend. */
    DRAW,
    /** From all, here. */
    WHOLE_ROW
  }

  private final SamplingParams params;
  private final int vocab;
  private final Optional<TokenConstraint> constraint;
  private final Penalties penalties;
  private final SplittableRandom random;
  private final Candidates candidates = new Candidates();
  private final Way way;

  /**
   * @param prompt the ids before the answer; repetition counts over both
   * @param vocab V
   * @param drawnSeed used when the parameters have none
   */
  public Sampler(
      SamplingParams params,
      Optional<TokenConstraint> constraint,
      int[] prompt,
      int vocab,
      long drawnSeed) {
    this.params = params;
    this.vocab = vocab;
    this.constraint = constraint;
    this.penalties = new Penalties(params, prompt);
    this.random = new SplittableRandom(params.seed().orElse(drawnSeed));
    this.way = way(params);
  }

  private static Way way(SamplingParams p) {
    if (p.logprobs().isPresent()) {
      return Way.WHOLE_ROW;
    }
    if (p.isGreedy()) {
      return Way.GREEDY;
    }
    if (p.topK() <= MAX_CANDIDATES) {
      return Way.TOP_K;
    }
    if (p.topK() < SamplingParams.ALL || p.typicalP() < 1) {
      return Way.WHOLE_ROW;
    }
    if (p.topP() < 1) {
      return Way.NUCLEUS;
    }
    return p.minP() > 0 ? Way.WHOLE_ROW : Way.DRAW;
  }

  /** What is needed of the row of {@code token}, an index into the batch. */
  public RowRequest request(int token) {
    return switch (way) {
      case GREEDY -> new RowRequest.Argmax(token, edit());
      case TOP_K -> new RowRequest.TopK(token, Math.min(params.topK(), vocab), edit());
      case NUCLEUS ->
          new RowRequest.Nucleus(token, Math.min(MAX_CANDIDATES, vocab), params.topP(), edit());
      case DRAW -> new RowRequest.Draw(token, params.temperature(), random.nextDouble(), edit());
      case WHOLE_ROW -> new RowRequest.Logits(token);
    };
  }

  private LogitEdit edit() {
    TokenMask mask = constraint.map(TokenConstraint::allowed).orElse(TokenMask.ALL);
    return new LogitEdit(penalties.bias(), mask);
  }

  /**
   * Chooses from slot {@code slot}, which answers the last {@link #request}.
   *
   * @throws SoleboxException {@code NON_FINITE} or {@code NOTHING_ALLOWED}; of this answer alone
   */
  public Choice choose(Outputs outputs, int slot) {
    outputs.requireFinite(slot, "");
    Choice choice =
        switch (way) {
          case GREEDY, DRAW ->
              plain(outputs.candidateIds(slot)[0], outputs.candidateLogits(slot)[0]);
          case TOP_K -> {
            take(outputs, slot);
            yield plain(draw());
          }
          case NUCLEUS -> plain(drawFromNucleus(outputs, slot));
          case WHOLE_ROW -> chooseFromAll(outputs.dense(slot));
        };
    penalties.said(choice.id());
    constraint.ifPresent(c -> c.said(choice.id()));
    return choice;
  }

  private static Choice plain(int candidate, float logit) {
    if (logit == Float.NEGATIVE_INFINITY) {
      throw nothingAllowed();
    }
    return new Choice(candidate, Optional.empty());
  }

  private static Choice plain(int id) {
    return new Choice(id, Optional.empty());
  }

  private static SoleboxException nothingAllowed() {
    return new SoleboxException(
        ErrorCode.NOTHING_ALLOWED,
        "logit_bias",
        "All tokens that could come next are banned.",
        "Ban fewer of them.");
  }

  private void take(Outputs outputs, int slot) {
    candidates.set(
        outputs.candidateIds(slot), outputs.candidateLogits(slot), outputs.candidateCount(slot));
  }

  private int drawFromNucleus(Outputs outputs, int slot) {
    if (outputs.isWhole(slot)) {
      FullVocabulary.gather(params, outputs.dense(slot), vocab, candidates);
    } else {
      take(outputs, slot);
      candidates.standFor(outputs.logSumExp(slot));
    }
    return draw();
  }

  private Choice chooseFromAll(MemorySegment logits) {
    // Before the edit changes them.
    Optional<LogprobTable> table =
        params.logprobs().isPresent()
            ? Optional.of(LogprobTable.of(logits, vocab, params.logprobs().getAsInt()))
            : Optional.empty();
    edit().apply(logits, 0, vocab);
    int id;
    if (isUnfiltered()) {
      id = RowPicker.draw(logits, 0, vocab, params.temperature(), random.nextDouble());
      plain(id, logits.getAtIndex(ValueLayout.JAVA_FLOAT, id));
    } else {
      FullVocabulary.gather(params, logits, vocab, candidates);
      id = draw();
    }
    return new Choice(id, table.map(t -> t.of(id)));
  }

  private boolean isUnfiltered() {
    return !params.isGreedy()
        && params.topK() == SamplingParams.ALL
        && params.topP() == 1
        && params.minP() == 0
        && params.typicalP() == 1;
  }

  private int draw() {
    candidates.dropBanned();
    if (candidates.count() == 0) {
      throw nothingAllowed();
    }
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
