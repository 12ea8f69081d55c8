package io.solebox.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The places between stages where each leaves its hidden states for the next. */
final class HandOvers implements AutoCloseable {
  private final List<HiddenPlace> places; // behind each stage but the last

  /**
   * @param stages in the order of the layers
   * @param rows of each place
   * @param width E
   */
  HandOvers(List<Plan> stages, int rows, int width) {
    var all = new ArrayList<HiddenPlace>();
    try {
      for (int i = 1; i < stages.size(); i++) {
        Optional<HiddenPlace> own = stages.get(i).placeFrom(stages.get(i - 1), rows);
        all.add(own.orElseGet(() -> HiddenPlace.inHost(rows, width)));
      }
      places = List.copyOf(all);
    } catch (Throwable t) {
      all.forEach(HiddenPlace::close);
      throw t;
    }
  }

  /**
   * What a stage begins with.
   *
   * @param row of the place, where the batch's first token is
   */
  Batch given(Batch batch, int stage, int row) {
    return stage == 0
        ? batch
        : batch.withInput(new Batch.Input.Hidden(places.get(stage - 1).from(row)));
  }

  /** Where it leaves what: the last one alone answers rows. */
  Outputs left(Outputs answers, int stage, int row) {
    return stage == places.size() ? answers : Outputs.ofStage(places.get(stage).from(row));
  }

  @Override
  public void close() {
    places.forEach(HiddenPlace::close);
  }
}
