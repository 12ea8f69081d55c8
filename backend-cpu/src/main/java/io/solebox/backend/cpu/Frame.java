package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Outputs;

/** The step that is running: its input, and how its tokens are grouped. Reused by a plan. */
final class Frame {
  private final int[] groupStart;
  private Batch batch;
  private Outputs outputs;
  private int groups;
  private final VariantRuns ofTokens;
  private final VariantRuns ofRows;

  Frame(Limits limits) {
    groupStart = new int[limits.maxStepTokens() + 1];
    ofTokens = new VariantRuns(limits.maxStepTokens());
    ofRows = new VariantRuns(limits.maxRows());
  }

  void begin(Batch nextBatch, Outputs nextOutputs) {
    batch = nextBatch;
    outputs = nextOutputs;
    groups = 0;
    for (int t = 0; t < batch.size(); t++) {
      boolean joins =
          groups > 0
              && t - groupStart[groups - 1] < AttentionKernel.GROUP
              && batch.sequenceOf()[t] == batch.sequenceOf()[t - 1];
      if (!joins) {
        groupStart[groups++] = t;
      }
    }
    groupStart[groups] = batch.size();
    ofTokens.begin(batch.size(), batch::variant);
    ofRows.begin(batch.rows().size(), batch::variantOfRow);
  }

  Batch batch() {
    return batch;
  }

  /** Which variants of the model compute the rows of a domain. */
  VariantRuns variants(Domain domain) {
    return switch (domain) {
      case Domain.Tokens _ -> ofTokens;
      case Domain.Requests _ -> ofRows;
      case Domain.Blocks _, Domain.Slots _, Domain.Sums _ ->
          throw new IllegalStateException("what is kept is computed by nobody");
    };
  }

  Outputs outputs() {
    return outputs;
  }

  /** T. */
  int tokens() {
    return batch.size();
  }

  /** Rows that the batch asks for. */
  int rows() {
    return batch.rows().size();
  }

  /** Groups of neighbouring tokens of one sequence. */
  int groups() {
    return groups;
  }

  int groupStart(int group) {
    return groupStart[group];
  }

  /** The first token of a sequence of the batch. */
  int sequenceStart(int sequence) {
    int t = 0;
    while (batch.sequenceOf()[t] != sequence) {
      t = batch.sequenceEnd(t);
    }
    return t;
  }

  /** The last position that the sequence of a token has in this step. */
  int sequenceEnd(int token) {
    return batch.positions()[batch.sequenceEnd(token) - 1];
  }

  int groupTokens(int group) {
    return groupStart[group + 1] - groupStart[group];
  }
}
