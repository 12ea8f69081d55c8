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
    switch (frame.batch().rows().get(row)) {
      case RowRequest.Argmax r -> {
        RowKernel.bias(logits.data(), logits.at(row), r.bias());
        int id = Math.toIntExact(library.argmax(at, vocab));
        outputs.candidateIds(row)[0] = id;
        outputs.candidateLogits(row)[0] = RowKernel.logit(logits.data(), logits.at(row), id);
        outputs.setCandidates(row, 1, Float.NaN);
      }
      case RowRequest.TopK r -> {
        RowKernel.bias(logits.data(), logits.at(row), r.bias());
        topK(row, r.k(), outputs, scratch[worker]);
      }
      case RowRequest.Logits _, RowRequest.Hidden _ -> {}
    }
  }

  private void topK(int row, int k, Outputs outputs, Scratch s) {
    long at = logits.address(row);
    int vocab = logits.width();
    long found = library.topK(at, vocab, k, s.ids().address(), s.logits().address());
    int n = Math.toIntExact(found);
    float[] best = outputs.candidateLogits(row);
    MemorySegment.copy(s.ids(), ValueLayout.JAVA_INT, 0, outputs.candidateIds(row), 0, n);
    MemorySegment.copy(s.logits(), ValueLayout.JAVA_FLOAT, 0, best, 0, n);
    double sum = library.expSum(at, vocab, best[0]);
    outputs.setCandidates(row, n, (float) (best[0] + Math.log(sum)));
  }
}
