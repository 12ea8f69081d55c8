package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.SparseBias;
import io.solebox.engine.graph.Graph;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers row requests on the device, so that a few bytes are copied and not the vocabulary. Every
 * part finds the best id of each row; biases and top-k are added where a row wants them.
 */
final class Answers {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  private final Kernels kernels;
  private final Launcher.Sink sink;
  private final Graph.End.Rows end;
  private final AnswerScratch scratch;
  private final DeviceState state;
  private final AnswerMemory memory;
  private final Arguments arguments = new Arguments(Arena.ofAuto(), 8);

  /**
   * What one part asks for.
   *
   * @param biases entries written to host memory
   * @param k the largest of the top-k rows, 0 if there are none
   * @param onHost rows that the device cannot answer, or that want everything
   */
  record Request(Part part, int biases, int k, List<Part.Row> onHost) {
    boolean isPlain() {
      return biases == 0 && k == 0;
    }
  }

  Answers(
      Kernels kernels,
      Graph.End.Rows end,
      AnswerScratch scratch,
      DeviceState state,
      Launcher.Sink sink) {
    this.kernels = kernels;
    this.end = end;
    this.scratch = scratch;
    this.state = state;
    this.memory = state.answers();
    this.sink = sink;
  }

  /** Sorts the rows of a part, and writes their biases to pinned memory. */
  Request request(Part part) {
    var biased = new ArrayList<BiasedRow>();
    var onHost = new ArrayList<Part.Row>();
    int biases = 0;
    int largest = 0;
    for (int r = 0; r < part.rows().size(); r++) {
      Part.Row row = part.rows().get(r);
      switch (row.request()) {
        case RowRequest.Argmax(_, var bias) -> {
          if (biases + bias.size() > AnswerScratch.MAX_BIASES) {
            onHost.add(row);
          } else {
            biases += bias.size();
            biased.add(new BiasedRow(r, bias));
          }
        }
        case RowRequest.TopK(_, var k, var bias) -> {
          if (k > AnswerScratch.MAX_K || biases + bias.size() > AnswerScratch.MAX_BIASES) {
            onHost.add(row);
          } else {
            largest = Math.max(largest, k);
            biases += bias.size();
            biased.add(new BiasedRow(r, bias));
          }
        }
        case RowRequest.Logits _, RowRequest.Hidden _ -> onHost.add(row);
      }
    }
    writeBiases(biased, biases);
    return new Request(part, biases, largest, onHost);
  }

  private record BiasedRow(int row, SparseBias bias) {}

  /** Entries of one of the four arrays of biases, so that the next begins aligned. */
  private static int padded(int biases) {
    return (biases + 3) / 4 * 4;
  }

  private void writeBiases(List<BiasedRow> rows, int biases) {
    MemorySegment to = memory.biasesHost();
    int stride = padded(biases);
    int at = 0;
    for (BiasedRow row : rows) {
      for (int i = 0; i < row.bias().size(); i++, at++) {
        to.setAtIndex(INT, at, row.row());
        to.setAtIndex(INT, stride + at, row.bias().ids()[i]);
        to.setAtIndex(FLOAT, 2L * stride + at, row.bias().repetition()[i]);
        to.setAtIndex(FLOAT, 3L * stride + at, row.bias().add()[i]);
      }
    }
  }

  /** Finds the best of {@code rows} rows of logits as they are now, and copies that out. */
  void best(int rows) {
    int chunks = scratch.statsChunks();
    arguments.start().pointer(memory.stats()).pointer(state.address(end.logits()));
    arguments.integer(scratch.vocabulary());
    run("row_stats", Grid.of(chunks, rows, 256));
    arguments.start().pointer(memory.best()).pointer(memory.stats()).integer(chunks);
    run("row_best", Grid.of(rows, 32));
    long bytes = (long) AnswerScratch.BEST_BYTES * rows;
    state.stream().download(memory.best(), memory.bestHost().asSlice(0, bytes));
  }

  /** What is wanted beyond {@link #best}, after it. */
  void more(Request request) {
    int rows = request.part().rows().size();
    if (request.biases() > 0) {
      bias(request.biases());
      best(rows);
    }
    if (request.k() > 0) {
      topK(rows, request.k());
    }
  }

  private void bias(int biases) {
    long stride = (long) Integer.BYTES * padded(biases);
    state.stream().upload(memory.biasesHost().asSlice(0, 4 * stride), memory.biases());
    arguments.start().pointer(state.address(end.logits()));
    for (int array = 0; array < 4; array++) {
      arguments.pointer(memory.biases() + array * stride);
    }
    arguments.integer(scratch.vocabulary()).integer(biases);
    run("apply_bias", Grid.of(Math.ceilDiv(biases, 256), 256));
  }

  private void topK(int rows, int k) {
    int which = 0;
    int chunks = AnswerScratch.topChunks(scratch.vocabulary());
    arguments.start().pointer(memory.keys(which)).pointer(state.address(end.logits()));
    arguments.integer(scratch.vocabulary()).integer(k);
    run("topk_first", Grid.of(chunks, rows, 1024));
    while (chunks > 1) {
      int count = chunks * k;
      chunks = AnswerScratch.topChunks(count);
      arguments.start().pointer(memory.keys(1 - which)).pointer(memory.keys(which));
      arguments.integer(count).integer(k);
      run("topk_next", Grid.of(chunks, rows, 1024));
      which = 1 - which;
    }
    long bytes = (long) Long.BYTES * rows * k;
    state.stream().download(memory.keys(which), memory.keysHost().asSlice(0, bytes));
  }

  private void run(String entry, Grid grid) {
    sink.launch(kernels.get("answers", entry), grid, arguments);
  }

  /** Compiles what {@link #more} may need. */
  void loadAll() {
    for (String entry : List.of("apply_bias", "row_stats", "row_best", "topk_first", "topk_next")) {
      kernels.get("answers", entry);
    }
  }

  /** Fills the slots of the rows that the device answered; its work is done by now. */
  void deliver(Request request, Outputs outputs) {
    List<Part.Row> rows = request.part().rows();
    for (int r = 0; r < rows.size(); r++) {
      Part.Row row = rows.get(r);
      if (request.onHost().contains(row)) {
        continue;
      }
      int slot = row.slot();
      switch (row.request()) {
        case RowRequest.Argmax _ -> {
          outputs.candidateIds(slot)[0] = memory.bestHost().getAtIndex(INT, 4L * r);
          outputs.candidateLogits(slot)[0] = memory.bestHost().getAtIndex(FLOAT, 4L * r + 1);
          outputs.setCandidates(slot, 1, Float.NaN);
        }
        case RowRequest.TopK(_, var k, _) -> {
          int n = readKeys((long) r * request.k(), k, outputs, slot);
          outputs.setCandidates(slot, n, memory.bestHost().getAtIndex(FLOAT, 4L * r + 2));
        }
        case RowRequest.Logits _, RowRequest.Hidden _ -> throw new AssertionError(row);
      }
    }
  }

  private int readKeys(long from, int k, Outputs outputs, int slot) {
    int n = 0;
    while (n < k) {
      long key = memory.keysHost().getAtIndex(ValueLayout.JAVA_LONG, from + n);
      if (key == 0) {
        break; // the vocabulary is smaller than k
      }
      int bits = (int) (key >>> 32);
      outputs.candidateIds(slot)[n] = ~(int) key;
      outputs.candidateLogits(slot)[n] = Float.intBitsToFloat(bits < 0 ? bits & 0x7fffffff : ~bits);
      n++;
    }
    return n;
  }

  /** Brings what a row that is answered on the host needs into {@code memory.rowHost()}. */
  void fetch(Request request, Part.Row row) {
    boolean hidden = row.request() instanceof RowRequest.Hidden;
    var value = hidden ? end.hidden() : end.logits();
    long bytes = (long) Float.BYTES * value.width();
    long from = state.address(value) + bytes * request.part().rows().indexOf(row);
    Stream stream = state.stream();
    stream.download(from, memory.rowHost().asSlice(0, bytes));
    stream.synchronize();
  }

  /** Answers from the row that {@link #fetch} brought. */
  void answerOnHost(Part.Row row, Outputs outputs) {
    MemorySegment logits = memory.rowHost().asSlice(0, (long) Float.BYTES * end.logits().width());
    MemorySegment hidden = memory.rowHost().asSlice(0, (long) Float.BYTES * end.hidden().width());
    RowPicker.answer(row.request(), logits, hidden, outputs, row.slot());
  }
}
