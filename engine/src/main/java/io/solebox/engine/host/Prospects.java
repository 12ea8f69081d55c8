package io.solebox.engine.host;

import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Optional;

/**
 * What loads would take and whom they would send away, by the computation that decides it in the
 * end. A model's file is looked at once until it changes; what is free is looked at each time. Safe
 * for many threads.
 */
final class Prospects {
  private final Engine engine;
  private final Residents residents;
  private final FileMemo<Catalog.Offer, Examined> examined = new FileMemo<>();

  /** What does not change with what is loaded. */
  private record Examined(LoadEstimate estimate, Optional<Decoding> decoding) {}

  Prospects(Engine engine, Residents residents) {
    this.engine = engine;
    this.residents = residents;
  }

  /** Empty where the model could not be loaded at all: who tries hears why. */
  Optional<Prospect> of(Catalog.Offer offer) {
    return examined.of(offer, offer.file(), () -> examine(offer)).map(its -> now(offer, its));
  }

  private Optional<Examined> examine(Catalog.Offer offer) {
    try (LoadableModel model = engine.examine(offer.file(), offer.options())) {
      return Optional.of(new Examined(model.estimate(), model.decoding()));
    } catch (SoleboxException e) {
      return Optional.empty();
    }
  }

  private Prospect now(Catalog.Offer offer, Examined its) {
    LoadEstimate estimate = its.estimate().withFree(engine.freeBytes());
    synchronized (residents) {
      return switch (residents.model(offer.name()).state()) {
        case ModelState.Ready _, ModelState.Loading _ -> prospect(its, true, List.of());
        case ModelState.Absent _, ModelState.Failed _ -> {
          Optional<List<Hosted>> victims = Room.victims(estimate, residents.mayLeave());
          List<String> names = victims.orElse(List.of()).stream().map(Hosted::name).toList();
          yield prospect(its, victims.isPresent(), names);
        }
      };
    }
  }

  private static Prospect prospect(Examined its, boolean fits, List<String> leaving) {
    LoadEstimate estimate = its.estimate();
    return new Prospect(
        estimate.contextTokens(), estimate.leastBytes(), fits, leaving, its.decoding());
  }
}
