package io.solebox.backend.cpu;

import io.solebox.engine.backend.HiddenPlace;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.Function;

/**
 * Dense answers, and the hidden state between stages. The calling thread copies them after the
 * walk: their memory may be confined to it.
 */
sealed interface Results {
  void copy(Frame frame);

  static Results of(Program.Result result, Function<Slot, Buffer> buffers) {
    return switch (result) {
      case Program.Result.Rows(Slot hidden, var logits) ->
          new Rows(buffers.apply(hidden), logits.map(buffers));
      case Program.Result.Hidden(Slot hidden) -> new Stage(buffers.apply(hidden));
    };
  }

  record Rows(Buffer hidden, Optional<Buffer> logits) implements Results {
    @Override
    public void copy(Frame frame) {
      for (int row = 0; row < frame.rows(); row++) {
        switch (frame.batch().rows().get(row)) {
          case RowRequest.Argmax _, RowRequest.TopK _, RowRequest.Draw _, RowRequest.Score _ -> {}
          case RowRequest.Nucleus _ -> {
            if (frame.outputs().isWhole(row)) {
              copy(logits.orElseThrow(), row, frame.outputs());
            }
          }
          case RowRequest.Logits _ -> copy(logits.orElseThrow(), row, frame.outputs());
          case RowRequest.Hidden _ -> copy(hidden, row, frame.outputs());
        }
      }
    }

    private static void copy(Buffer from, int row, Outputs outputs) {
      MemorySegment.copy(from.data(), from.at(row), outputs.dense(row), 0, from.rowBytes());
    }
  }

  record Stage(Buffer hidden) implements Results {
    @Override
    public void copy(Frame frame) {
      MemorySegment to = HiddenPlace.hostRows(frame.outputs().stageHidden());
      MemorySegment.copy(hidden.data(), 0, to, 0, hidden.at(frame.tokens()));
    }
  }
}
