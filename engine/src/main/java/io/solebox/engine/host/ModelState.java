package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import java.util.Optional;

/** How far a model is. */
public sealed interface ModelState {
  /** Not loaded; a request for it loads it. */
  record Absent() implements ModelState {}

  /**
   * On its way, or waiting for its turn.
   *
   * @param stage for people
   * @param fraction 0 to 1
   */
  record Loading(String stage, double fraction) implements ModelState {}

  /**
   * It answers.
   *
   * @param leases how many use it
   */
  record Ready(LoadedModel model, int leases) implements ModelState {
    /** Why answers fail, though the model is there; empty while all is well. */
    public Optional<SoleboxException> trouble() {
      return model.failure().or(() -> model.stats().trouble());
    }
  }

  /** It could not be loaded; the next request for it tries again. */
  record Failed(SoleboxException error) implements ModelState {}
}
