package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.RowKernel;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowPicker;
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
    if (!RowKernel.isFinite(data, at, vocab)) {
      outputs.setNonFinite(row);
    }
    switch (frame.batch().rows().get(row)) {
      case RowRequest.Argmax(_, var edit) -> {
        edit.apply(data, at, vocab);
        choose(RowKernel.argmax(data, at, vocab, plain), row, outputs);
      }
      case RowRequest.TopK(_, var k, var edit) -> {
        edit.apply(data, at, vocab);
        topK(row, k, outputs, plain);
      }
      case RowRequest.Nucleus(_, var k, var share, var edit) -> {
        edit.apply(data, at, vocab);
        topK(row, k, outputs, plain);
        outputs.setNucleus(row, RowKernel.logSumExp(data, at, vocab, plain), share);
      }
      case RowRequest.Draw(_, var temperature, var u, var edit) -> {
        edit.apply(data, at, vocab);
        choose(RowPicker.draw(data, at, vocab, temperature, u), row, outputs);
      }
      case RowRequest.Score(_, var id) -> {
        float sum = RowKernel.logSumExp(data, at, vocab, plain);
        outputs.setScore(row, id, RowKernel.logit(data, at, id), sum);
      }
      case RowRequest.Logits _, RowRequest.Hidden _ -> {}
    }
  }

  private void choose(int id, int row, Outputs outputs) {
    outputs.setCandidate(row, id, RowKernel.logit(logits.data(), logits.at(row), id));
  }

  private void topK(int row, int k, Outputs outputs, boolean plain) {
    int[] ids = outputs.candidateIds(row);
    float[] best = outputs.candidateLogits(row);
    int vocab = logits.width();
    int n = RowKernel.topK(logits.data(), logits.at(row), vocab, k, ids, best, plain);
    outputs.setCandidates(row, n);
  }

  @Override
  public String kind() {
    return "answers";
  }
}
