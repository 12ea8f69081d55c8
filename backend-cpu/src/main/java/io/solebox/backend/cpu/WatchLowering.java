package io.solebox.backend.cpu;

import io.solebox.engine.graph.Weight;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * Adds the tasks that sum up the squares of what matrices are multiplied with, where a graph wants
 * that: one for all matrices that read the same rows.
 */
final class WatchLowering {
  private final TaskList tasks;
  private final boolean wanted;
  private final Map<Key, Program.Watched> found = new LinkedHashMap<>();

  /** Rows, and what says which of them meet which matrix. */
  private record Key(Slot x, Slot order) {}

  WatchLowering(TaskList tasks, boolean wanted) {
    this.tasks = tasks;
    this.wanted = wanted;
  }

  List<Program.Watched> all() {
    return List.copyOf(found.values());
  }

  /** Rows of f32 that all meet the weight; side by side those of several matrices. */
  void rows(Slot x, Weight weight) {
    add(new Key(x, x), weight, x.width(), 1, (in, out) -> new WatchStep.OfRows(in.getFirst(), out));
  }

  /**
   * Rows of f32 of tokens, each of which meets the experts that it takes.
   *
   * @param order of the runs
   */
  void tokens(Slot x, Slot order, Runs.OfExperts runs, Weight weight) {
    add(
        new Key(x, order),
        weight,
        x.width(),
        runs.experts(),
        (in, out) ->
            new WatchStep.OfRuns(
                in.get(0),
                out,
                runs,
                place -> Runs.OfExperts.choice(in.get(1), place) / runs.used()));
  }

  /** Rows of f32 in the order of the runs. */
  void places(Slot x, Slot order, Runs.OfExperts runs, Weight weight) {
    int columns = x.width() / runs.used();
    add(
        new Key(x, order),
        weight,
        columns,
        runs.experts(),
        (in, out) ->
            new WatchStep.OfRuns(
                in.getFirst().inRows(columns, Encoding.F32.bytes(columns)),
                out,
                runs,
                place -> place));
  }

  /** Makes the step that adds to {@code out}. */
  private interface Maker {
    Step make(List<Buffer> in, Buffer out);
  }

  private void add(Key key, Weight weight, int columns, int matrices, Maker maker) {
    if (!wanted) {
      return;
    }
    found
        .computeIfAbsent(key, _ -> watched(key, columns, matrices, maker))
        .weights()
        .add(weight.name());
  }

  private Program.Watched watched(Key key, int columns, int matrices, Maker maker) {
    Slot sums = tasks.newSlot(columns, Program.Watched.bytes(columns, matrices), Domain.SUMS);
    tasks.whole(sums, List.of(key.x(), key.order()), (_, in, out) -> maker.make(in, out));
    return new Program.Watched(new LinkedHashSet<>(), columns, matrices, sums);
  }
}
