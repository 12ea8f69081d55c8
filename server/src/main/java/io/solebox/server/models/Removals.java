package io.solebox.server.models;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.ModelState;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.library.KeptModel;
import io.solebox.server.library.ModelLibrary;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Takes models away that a library keeps: from memory first, if nobody uses them. */
public record Removals(Models models, Optional<ModelLibrary> library) {
  /** For an unload that waits for no answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /**
   * @param status of a model that the host offers
   * @param exchange whose caller wants it
   * @throws Problem 400 if the server was started with it, 409 if it is answering
   * @throws io.solebox.engine.error.SoleboxException as {@link ModelLibrary#remove}
   */
  public void remove(Status status, Exchange exchange) throws InterruptedException {
    KeptModel kept =
        models
            .kept(status)
            .orElseThrow(
                () ->
                    Problem.of(
                            400,
                            "invalid_value",
                            "'%s' is a model that the server was started with; only names that were made while it runs, and models of the store, can be deleted."
                                .formatted(status.name()))
                        .withParam("model"));
    if (kept.pinned()) {
      throw Problem.of(
              409, "in_use", "The model '%s' is pinned; unpin it first.".formatted(kept.name()))
          .withParam("model");
    }
    switch (status.state()) {
      case ModelState.Ready(_, int leases) -> {
        if (leases > 0 || !models.unload(status, PATIENCE)) {
          throw answering(kept);
        }
      }
      case ModelState.Loading _ -> {
        if (!models.unload(status, PATIENCE)) {
          throw answering(kept);
        }
      }
      case ModelState.Absent _, ModelState.Failed _ -> {}
    }
    library.orElseThrow().remove(kept.name());
    exchange.record("model.delete", kept.name(), Map.of("digest", kept.digest()));
  }

  private static Problem answering(KeptModel kept) {
    return Problem.of(
            409,
            "in_use",
            "The model '%s' is answering; remove it when it has ended.".formatted(kept.name()))
        .withParam("model")
        .withRetryAfter(30);
  }
}
