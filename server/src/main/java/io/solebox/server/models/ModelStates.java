package io.solebox.server.models;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How far models are, and what is wrong with them. Safe for many threads. */
final class ModelStates {
  private final Troubles troubles = new Troubles();

  /** An answer of a model is complete. */
  void answered(String model) {
    troubles.answered(model);
  }

  /** An answer of a model broke off. */
  void failed(String model, SoleboxException error) {
    troubles.failed(model, error);
  }

  /** Why answers of a loaded model fail; empty while all is well. */
  Optional<SoleboxException> trouble(String name, ModelState.Ready ready) {
    return ready.trouble().or(() -> troubles.of(name));
  }

  /** As answers of the API tell it. */
  Map<String, Object> describe(Status status) {
    Map<String, Object> state = new LinkedHashMap<>();
    switch (status.state()) {
      case ModelState.Ready ready -> {
        Optional<SoleboxException> trouble = trouble(status.name(), ready);
        state.put("state", trouble.isPresent() ? "failing" : "ready");
        trouble.ifPresent(error -> state.put("code", error.code().wireName()));
        state.put("pinned", status.pinned());
        status.idleLeft().ifPresent(left -> state.put("unloads_in_seconds", left.toSeconds()));
      }
      case ModelState.Loading(String stage, double fraction) -> {
        state.put("state", "loading");
        state.put("stage", stage);
        state.put("fraction", fraction);
      }
      case ModelState.Failed(SoleboxException error) -> {
        state.put("state", "failed");
        state.put("code", error.code().wireName());
      }
      case ModelState.Absent _ -> state.put("state", "unloaded");
    }
    return state;
  }
}
