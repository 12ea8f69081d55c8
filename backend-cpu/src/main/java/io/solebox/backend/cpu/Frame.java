package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.AttentionKernel;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Outputs;

/** The step that is running: its input, and how its tokens are grouped. Reused by a plan. */
final class Frame {
  private final int[] groupStart;
  private Batch batch;
  private Outputs outputs;
  private int groups;

  Frame(int maxStepTokens) {
    groupStart = new int[maxStepTokens + 1];
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
  }

  Batch batch() {
    return batch;
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
