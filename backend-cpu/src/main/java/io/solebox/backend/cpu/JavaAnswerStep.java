package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.RowKernel;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import java.lang.foreign.MemorySegment;

/** Answers the requests for candidates; a unit is a row. */
record JavaAnswerStep(Buffer logits, WarmUp warmUp) implements Step {
  @Override
  public int units(Frame frame) {
    return frame.rows();
  }

  @Override
  public void run(int row, Frame frame, int worker) {
    boolean plain = warmUp.plain();
    Outputs outputs = frame.outputs();
    MemorySegment data = logits.data();
    long at = logits.at(row);
    int vocab = logits.width();
    int[] ids = outputs.candidateIds(row);
    float[] best = outputs.candidateLogits(row);
    switch (frame.batch().rows().get(row)) {
      case RowRequest.Argmax r -> {
        RowKernel.bias(data, at, r.bias());
        ids[0] = RowKernel.argmax(data, at, vocab, plain);
        best[0] = RowKernel.logit(data, at, ids[0]);
        outputs.setCandidates(row, 1, Float.NaN);
      }
      case RowRequest.TopK r -> {
        RowKernel.bias(data, at, r.bias());
        int n = RowKernel.topK(data, at, vocab, r.k(), ids, best, plain);
        outputs.setCandidates(row, n, RowKernel.logSumExp(data, at, vocab, plain));
      }
      case RowRequest.Logits _, RowRequest.Hidden _ -> {}
    }
  }
}
