package io.solebox.engine.backend;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a plan leaves a step's results: slot i belongs to {@code batch.rows().get(i)}. Owned and
 * reused by the engine loop, filled by the plan, so that nothing is allocated per token.
 */
public final class Outputs {
  private final Arena arena;
  private final int vocab;
  private final int[] count;
  private final int[][] ids;
  private final float[][] logits;
  private final float[] logSumExp;
  private final boolean[] broken;
  private final boolean[] whole;
  private final List<MemorySegment> dense;
  private final int first; // slot of the whole step that is slot 0 here
  private Optional<HiddenPlace> stageHidden = Optional.empty();

  /**
   * @param arena lifetime of the dense buffers, which are made when first asked for; shared where a
   *     plan fills them from threads of its own
   * @param maxRows most rows in a step
   * @param maxCandidates largest k of a {@link RowRequest.TopK}
   * @param vocab V
   */
  public Outputs(Arena arena, int maxRows, int maxCandidates, int vocab) {
    this.arena = arena;
    this.vocab = vocab;
    this.count = new int[maxRows];
    this.ids = new int[maxRows][Math.max(1, maxCandidates)];
    this.logits = new float[maxRows][Math.max(1, maxCandidates)];
    this.logSumExp = new float[maxRows];
    this.broken = new boolean[maxRows];
    this.whole = new boolean[maxRows];
    this.dense = new ArrayList<>();
    this.first = 0;
  }

  private Outputs(Outputs all, int first) {
    this.arena = all.arena;
    this.vocab = all.vocab;
    this.count = all.count;
    this.ids = all.ids;
    this.logits = all.logits;
    this.logSumExp = all.logSumExp;
    this.broken = all.broken;
    this.whole = all.whole;
    this.dense = all.dense;
    this.first = all.first + first;
  }

  /** These from a slot on, for a part of the step: its slot 0 is slot {@code row} here. */
  public Outputs from(int row) {
    return row == 0 ? this : new Outputs(this, row);
  }

  /** Of a stage that leaves its hidden state here, and that nobody can ask for rows. */
  public static Outputs ofStage(HiddenPlace hidden) {
    var outputs = new Outputs(Arena.global(), 0, 1, 1);
    outputs.setStageHidden(hidden);
    return outputs;
  }

  /** Called before each step: everything is finite until a plan finds otherwise. */
  public void begin() {
    Arrays.fill(broken, false);
    Arrays.fill(whole, false);
  }

  /** Of a Nucleus slot: whether {@link #dense} has all logits, since the candidates are too few. */
  public boolean isWhole(int row) {
    return whole[first + row];
  }

  /** Called by plans: the answer to a Nucleus, after its candidates; whether all are wanted too. */
  public boolean setNucleus(int row, float logSumExpOfAll, double share) {
    logSumExp[first + row] = logSumExpOfAll;
    double mass = 0;
    for (int i = 0; i < count[first + row]; i++) {
      mass += Math.exp(logits[first + row][i] - logSumExpOfAll);
    }
    whole[first + row] = mass < share && count[first + row] < vocab;
    return whole[first + row];
  }

  /** Whether all logits of slot {@code row} are numbers. */
  public boolean isFinite(int row) {
    return !broken[first + row];
  }

  /**
   * @param place of the error, or empty
   * @throws SoleboxException {@code NON_FINITE} unless {@link #isFinite}; of this row's answer
   *     alone
   */
  public void requireFinite(int row, String place) {
    if (!isFinite(row)) {
      throw new SoleboxException(
          ErrorCode.NON_FINITE,
          place,
          "The model computed something that is not a number (NaN or infinite), so no token can be"
              + " chosen.",
          "Unless it is in use already, try --kv-type f32. If that does not help, the model file is"
              + " damaged: verify it, or download it again.");
    }
  }

  /** Called by plans that have found a NaN or an infinity among the logits of slot {@code row}. */
  public void setNonFinite(int row) {
    broken[first + row] = true;
  }

  /** Candidates in slot {@code row}: at most k for a TopK, else 1. */
  public int candidateCount(int row) {
    return count[first + row];
  }

  /** Ids of slot {@code row}, best first; valid up to {@link #candidateCount}. */
  public int[] candidateIds(int row) {
    return ids[first + row];
  }

  /** Biased logits of slot {@code row}, in the order of {@link #candidateIds}. */
  public float[] candidateLogits(int row) {
    return logits[first + row];
  }

  /** Of a Score or Nucleus slot: the log of the sum of exp of all logits. */
  public float logSumExp(int row) {
    return logSumExp[first + row];
  }

  /** Called by plans: the number of candidates they wrote to the two arrays of slot {@code row}. */
  public void setCandidates(int row, int n) {
    count[first + row] = n;
  }

  /** Called by plans: the one candidate of slot {@code row}. */
  public void setCandidate(int row, int id, float logit) {
    ids[first + row][0] = id;
    logits[first + row][0] = logit;
    count[first + row] = 1;
  }

  /** Called by plans: the answer to a Score. */
  public void setScore(int row, int id, float logit, float logSumExpOfAll) {
    setCandidate(row, id, logit);
    logSumExp[first + row] = logSumExpOfAll;
  }

  /** f32 [V] of slot {@code row} (Logits), or its first E elements (Hidden). */
  public MemorySegment dense(int row) {
    while (dense.size() <= first + row) {
      dense.add(arena.allocate(Float.BYTES * (long) vocab, 64));
    }
    return dense.get(first + row);
  }

  /** Where a stage that ends in {@code Graph.End.Hidden} leaves its hidden state, f32 [T, E]. */
  public HiddenPlace stageHidden() {
    return stageHidden.orElseThrow(
        () -> new IllegalStateException("nobody has said where the hidden state goes"));
  }

  public void setStageHidden(HiddenPlace place) {
    stageHidden = Optional.of(place);
  }
}
