package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.RowKernel;
import io.solebox.backend.cpu.nativelib.CpuBindings;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Answers the requests for candidates in C; a unit is a row. */
record NativeAnswerStep(CpuBindings library, Buffer logits, Scratch[] scratch) implements Step {
  /** A thread's candidates, before they are copied to the outputs. */
  record Scratch(MemorySegment ids, MemorySegment logits) {
    Scratch(int vocab, Arena arena) {
      this(arena.allocate(bytes(vocab) / 2, 64), arena.allocate(bytes(vocab) / 2, 64));
    }

    static long bytes(int vocab) {
      return (long) vocab * (Integer.BYTES + Float.BYTES);
    }
  }

  @Override
  public int units(Frame frame) {
    return frame.rows();
  }

  @Override
  public void run(int row, Frame frame, int worker) {
    Outputs outputs = frame.outputs();
    long at = logits.address(row);
    int vocab = logits.width();
    MemorySegment data = logits.data();
    if (!library.isFinite(at, vocab)) {
      outputs.setNonFinite(row);
    }
    switch (frame.batch().rows().get(row)) {
      case RowRequest.Argmax(_, var edit) -> {
        edit.apply(data, logits.at(row), vocab);
        choose(library.argmax(at, vocab), row, outputs);
      }
      case RowRequest.TopK(_, var k, var edit) -> {
        edit.apply(data, logits.at(row), vocab);
        topK(row, k, outputs, scratch[worker]);
      }
      case RowRequest.Nucleus(_, var k, var share, var edit) -> {
        edit.apply(data, logits.at(row), vocab);
        topK(row, k, outputs, scratch[worker]);
        outputs.setNucleus(row, logSumExp(row, outputs.candidateLogits(row)[0]), share);
      }
      case RowRequest.Draw(_, var temperature, var u, var edit) -> {
        edit.apply(data, logits.at(row), vocab);
        float max = highest(row);
        choose(library.draw(at, vocab, max, (float) temperature, u), row, outputs);
      }
      case RowRequest.Score(_, var id) ->
          outputs.setScore(row, id, logit(row, id), logSumExp(row, highest(row)));
      case RowRequest.Logits _, RowRequest.Hidden _ -> {}
    }
  }

  private float logit(int row, int id) {
    return RowKernel.logit(logits.data(), logits.at(row), id);
  }

  private float highest(int row) {
    return logit(row, Math.toIntExact(library.argmax(logits.address(row), logits.width())));
  }

  private float logSumExp(int row, float max) {
    return (float) (max + Math.log(library.expSum(logits.address(row), logits.width(), max)));
  }

  private void choose(long id, int row, Outputs outputs) {
    int chosen = Math.toIntExact(id);
    outputs.setCandidate(row, chosen, logit(row, chosen));
  }

  private void topK(int row, int k, Outputs outputs, Scratch s) {
    long at = logits.address(row);
    long found = library.topK(at, logits.width(), k, s.ids().address(), s.logits().address());
    int n = Math.toIntExact(found);
    float[] best = outputs.candidateLogits(row);
    MemorySegment.copy(s.ids(), ValueLayout.JAVA_INT, 0, outputs.candidateIds(row), 0, n);
    MemorySegment.copy(s.logits(), ValueLayout.JAVA_FLOAT, 0, best, 0, n);
    outputs.setCandidates(row, n);
  }

  @Override
  public String kind() {
    return "answers";
  }
}
