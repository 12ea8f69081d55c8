package io.solebox.backend.cpu;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A graph as tasks in the order of execution.
 *
 * @param slots how many there are
 * @param kept those that outlive a step
 * @param takes the hidden state that an earlier stage gives
 */
record Program(List<Task> tasks, int slots, List<Slot> kept, Optional<Slot> takes, Result result) {
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
