package io.solebox.backend.cpu;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A graph as tasks in the order of execution.
 *
 * @param slots how many there are
 * @param kept those that outlive a step
 * @param takes the hidden state that an earlier stage gives
 * @param watched sums of what matrices are multiplied with
 */
record Program(
    List<Task> tasks,
    int slots,
    List<Slot> kept,
    Optional<Slot> takes,
    List<Watched> watched,
    Result result) {
  /**
   * Sums over all steps.
   *
   * @param weights names of the matrices that multiply what is summed up
   * @param columns of one of them
   * @param matrices that rows are sent to, one or another of them
   * @param sums f64 [matrices, columns], then i64 [matrices]: how many rows that were
   */
  record Watched(Set<String> weights, int columns, int matrices, Slot sums) {
    static long bytes(int columns, int matrices) {
      return Double.BYTES * (long) columns * matrices + countBytes(matrices);
    }

    private static long countBytes(int matrices) {
      return (long) Long.BYTES * matrices;
    }
  }

  /** What the calling thread copies out after the walk. */
  sealed interface Result {
    record Rows(Slot hidden, Optional<Slot> logits) implements Result {}

    record Hidden(Slot hidden) implements Result {}
  }

  /** The slots that must outlive the walk. */
  List<Slot> results() {
    return switch (result) {
      case Result.Rows r -> Stream.concat(Stream.of(r.hidden()), r.logits().stream()).toList();
      case Result.Hidden r -> List.of(r.hidden());
    };
  }
}
