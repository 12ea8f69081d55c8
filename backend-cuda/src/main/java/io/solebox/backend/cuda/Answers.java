package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Value;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Answers row requests on the device, so that a few bytes are copied and not the vocabulary. Every
 * part finds the best id of each row, the sum over all, and whether all are numbers; what rows want
 * beyond that is added where they want it.
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
  private final Arguments arguments = new Arguments(Arena.ofAuto(), 12);

  /**
   * What one part asks for; its numbers are in pinned memory.
   *
   * @param k the largest of the rows that want several ids, 0 if there are none
   * @param onHost rows that the device cannot answer, or that want everything
   */
  record Request(Part part, Edits edits, int k, Choices choices, List<Part.Row> onHost) {}

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

  private Value logits() {
    return end.logits().orElseThrow();
  }

  /** Sorts the rows of a part, and writes their numbers to pinned memory. */
  Request request(Part part) {
    var onHost = new ArrayList<Part.Row>();
    int largest = 0;
    for (Part.Row row : part.rows()) {
      switch (row.request()) {
        case RowRequest.TopK(_, var k, _) -> largest = Math.max(largest, several(row, k, onHost));
        case RowRequest.Nucleus(_, var k, _, _) ->
            largest = Math.max(largest, several(row, k, onHost));
        case RowRequest.Argmax _, RowRequest.Draw _, RowRequest.Score _ -> {}
        case RowRequest.Logits _, RowRequest.Hidden _ -> onHost.add(row);
      }
    }
    Edits edits = Edits.of(part, onHost);
    edits.writeBiases(memory.biasesHost());
    edits.writeMasks(scratch.maskWords(), memory.masksHost());
    Choices choices = Choices.of(part, onHost);
    choices.write(part, scratch.rows(), memory.choicesHost());
    return new Request(part, edits, largest, choices, onHost);
  }

  private static int several(Part.Row row, int k, List<Part.Row> onHost) {
    if (k <= AnswerScratch.MAX_K) {
      return k;
    }
    onHost.add(row);
    return 0;
  }

  /** Finds the best of {@code rows} rows of logits as they are now, and copies that out. */
  void best(int rows) {
    if (end.logits().isEmpty()) {
      return;
    }
    int chunks = scratch.statsChunks();
    arguments.start().pointer(memory.stats()).pointer(state.address(logits()));
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
    if (!request.edits().isEmpty()) {
      edit(request.edits());
      best(rows);
    }
    if (request.k() > 0) {
      topK(rows, request.k());
    }
    if (!request.choices().isEmpty()) {
      choose(request.choices());
    }
  }

  private void edit(Edits edits) {
    if (edits.biases() > 0) {
      long stride = (long) Integer.BYTES * edits.stride();
      state.stream().upload(memory.biasesHost().asSlice(0, 4 * stride), memory.biases());
      arguments.start().pointer(state.address(logits()));
      for (int array = 0; array < 4; array++) {
        arguments.pointer(memory.biases() + array * stride);
      }
      arguments.integer(scratch.vocabulary()).integer(edits.biases());
      run("apply_bias", Grid.of(Math.ceilDiv(edits.biases(), 256), 256));
    }
    int masks = edits.masked().size();
    if (masks > 0) {
      long bytes = (long) Integer.BYTES * masks * (1 + scratch.maskWords());
      state.stream().upload(memory.masksHost().asSlice(0, bytes), memory.masks());
      arguments.start().pointer(state.address(logits())).pointer(memory.masks());
      arguments.pointer(memory.masks() + (long) Integer.BYTES * masks);
      arguments.integer(scratch.maskWords()).integer(scratch.vocabulary());
      run("apply_mask", Grid.of(Math.ceilDiv(scratch.vocabulary(), 256), masks, 256));
    }
  }

  private void topK(int rows, int k) {
    int which = 0;
    int chunks = AnswerScratch.topChunks(scratch.vocabulary());
    arguments.start().pointer(memory.keys(which)).pointer(state.address(logits()));
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

  private void choose(Choices choices) {
    long bytes = Choices.at(Choices.ARRAYS, scratch.rows());
    state.stream().upload(memory.choicesHost().asSlice(0, bytes), memory.choices());
    int draws = choices.draws().size();
    if (draws > 0) {
      int chunks = scratch.statsChunks();
      arguments.start().pointer(memory.sums()).pointer(state.address(logits()));
      arguments.pointer(memory.best()).pointer(choice(0)).pointer(choice(1));
      arguments.integer(scratch.vocabulary());
      run("draw_sums", Grid.of(chunks, draws, 256));
      arguments.start().pointer(memory.chosen()).pointer(state.address(logits()));
      arguments.pointer(memory.sums()).pointer(memory.best());
      arguments.pointer(choice(0)).pointer(choice(1)).pointer(choice(2));
      arguments.integer(scratch.vocabulary()).integer(chunks);
      run("draw", Grid.of(draws, 256));
    }
    int scores = choices.scores().size();
    if (scores > 0) {
      arguments.start().pointer(memory.chosen() + scoredAt()).pointer(state.address(logits()));
      arguments.pointer(choice(3)).pointer(choice(4));
      arguments.integer(scratch.vocabulary()).integer(scores);
      run("pick", Grid.of(Math.ceilDiv(scores, 256), 256));
    }
    state.stream().download(memory.chosen(), memory.chosenHost());
  }

  private long choice(int array) {
    return memory.choices() + Choices.at(array, scratch.rows());
  }

  /** Where the logits of scored ids begin, behind what was drawn. */
  private long scoredAt() {
    return Choices.at(2, scratch.rows());
  }

  private void run(String entry, Grid grid) {
    sink.launch(kernels.get("answers", entry), grid, arguments);
  }

  /** Compiles what {@link #more} may need. */
  void loadAll() {
    for (String entry :
        List.of(
            "apply_bias",
            "apply_mask",
            "row_stats",
            "row_best",
            "topk_first",
            "topk_next",
            "draw_sums",
            "draw",
            "pick")) {
      kernels.get("answers", entry);
    }
  }

  /**
   * Fills the slots of the rows that the device answered; its work is done by now.
   *
   * @return rows of which all logits are wanted, as they are on the device
   */
  List<Part.Row> deliver(Request request, Outputs outputs) {
    var whole = new ArrayList<Part.Row>();
    List<Part.Row> rows = request.part().rows();
    for (int r = 0; r < rows.size(); r++) {
      Part.Row row = rows.get(r);
      if (end.logits().isPresent() && memory.bestHost().getAtIndex(INT, 4L * r + 3) != 0) {
        outputs.setNonFinite(row.slot());
      }
      if (!request.onHost().contains(row) && deliver(request, r, row, outputs)) {
        whole.add(row);
      }
    }
    return whole;
  }

  private boolean deliver(Request request, int r, Part.Row row, Outputs outputs) {
    int slot = row.slot();
    float logSumExp = memory.bestHost().getAtIndex(FLOAT, 4L * r + 2);
    switch (row.request()) {
      case RowRequest.Argmax _ ->
          outputs.setCandidate(
              slot,
              memory.bestHost().getAtIndex(INT, 4L * r),
              memory.bestHost().getAtIndex(FLOAT, 4L * r + 1));
      case RowRequest.TopK(_, var k, _) ->
          outputs.setCandidates(slot, readKeys((long) r * request.k(), k, outputs, slot));
      case RowRequest.Nucleus(_, var k, var share, _) -> {
        outputs.setCandidates(slot, readKeys((long) r * request.k(), k, outputs, slot));
        return outputs.setNucleus(slot, logSumExp, share);
      }
      case RowRequest.Draw _ -> {
        long at = 2L * request.choices().draws().indexOf(r);
        outputs.setCandidate(
            slot,
            memory.chosenHost().getAtIndex(INT, at),
            memory.chosenHost().getAtIndex(FLOAT, at + 1));
      }
      case RowRequest.Score(_, var id) -> {
        long at = scoredAt() + 4L * request.choices().scores().indexOf(r);
        outputs.setScore(slot, id, memory.chosenHost().get(FLOAT, at), logSumExp);
      }
      case RowRequest.Logits _, RowRequest.Hidden _ -> throw new AssertionError(row);
    }
    return false;
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

  /** Brings a row of what a request is answered from into {@code memory.rowHost()}. */
  void fetch(Request request, Part.Row row) {
    Value value = value(row);
    long bytes = (long) Float.BYTES * value.width();
    long from = state.address(value) + bytes * request.part().rows().indexOf(row);
    Stream stream = state.stream();
    stream.download(from, memory.rowHost().asSlice(0, bytes));
    stream.synchronize();
  }

  private Value value(Part.Row row) {
    return row.request() instanceof RowRequest.Hidden ? end.hidden() : logits();
  }

  /** Hands out the row that {@link #fetch} brought. */
  void copyRow(Part.Row row, Outputs outputs) {
    long bytes = (long) Float.BYTES * value(row).width();
    MemorySegment.copy(memory.rowHost(), 0, outputs.dense(row.slot()), 0, bytes);
  }

  /** Answers from the row that {@link #fetch} brought. */
  void answerOnHost(Part.Row row, Outputs outputs) {
    if (row.request() instanceof RowRequest.Hidden) {
      copyRow(row, outputs);
    } else {
      long bytes = (long) Float.BYTES * logits().width();
      RowPicker.answer(row.request(), memory.rowHost().asSlice(0, bytes), outputs, row.slot());
    }
  }
}
