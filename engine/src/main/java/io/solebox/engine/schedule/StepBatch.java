package io.solebox.engine.schedule;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import java.util.ArrayList;
import java.util.List;

/** One step: the batch made from the scheduler's chunks, and whose each requested row is. */
final class StepBatch {
  private record Row(Sequence sequence, int position) {}

  private final List<Scheduler.Chunk> chunks;
  private final List<Row> rows = new ArrayList<>();
  private final Batch batch;

  StepBatch(List<Scheduler.Chunk> chunks) {
    this.chunks = chunks;
    int size = chunks.stream().mapToInt(Scheduler.Chunk::tokens).sum();
    int[] tokens = new int[size];
    int[] positions = new int[size];
    int[] sequenceOf = new int[size];
    var sequences = new ArrayList<Batch.Sequence>(chunks.size());
    var requests = new ArrayList<RowRequest>();
    int t = 0;
    for (Scheduler.Chunk chunk : chunks) {
      Sequence sequence = chunk.sequence();
      for (int i = 0; i < chunk.tokens(); i++, t++) {
        int position = sequence.reached() + i;
        tokens[t] = sequence.id(position);
        positions[t] = position;
        sequenceOf[t] = sequences.size();
        sequence
            .work()
            .request(t, position, sequence.length())
            .ifPresent(
                request -> {
                  requests.add(request);
                  rows.add(new Row(sequence, position));
                });
      }
      sequences.add(sequence.view());
    }
    batch = new Batch(tokens, positions, sequenceOf, sequences, requests, new Batch.Input.Tokens());
  }

  /** It is about to run: what lies where it writes leaves now. */
  void begin() {
    chunks.forEach(chunk -> chunk.sequence().begins(chunk.tokens()));
  }

  Batch batch() {
    return batch;
  }

  /** Hands the results out, after the plan ran. */
  void deliver(Outputs outputs) {
    for (int slot = 0; slot < rows.size(); slot++) {
      Row row = rows.get(slot);
      row.sequence().work().take(row.sequence(), row.position(), outputs, slot);
    }
    // After that it is known which ids of a sequence are its own, and may be published.
    for (Scheduler.Chunk chunk : chunks) {
      Sequence sequence = chunk.sequence();
      sequence.ends(chunk.tokens());
      sequence.advance(chunk.tokens() - sequence.work().settle());
      sequence.work().goOn(sequence);
    }
  }

  List<Sequence> sequences() {
    return chunks.stream().map(Scheduler.Chunk::sequence).toList();
  }
}
