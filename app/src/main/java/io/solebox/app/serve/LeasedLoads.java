package io.solebox.app.serve;

import io.solebox.app.session.ModelUse;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadWatcher;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Holds the lease of each model of a store while it is loaded, so that nobody removes it then. */
final class LeasedLoads implements LoadWatcher, AutoCloseable {
  private final LoadWatcher told;
  private final Catalog catalog;
  private final Map<String, ModelUse> uses = new ConcurrentHashMap<>();

  /**
   * @param told whom the host tells besides
   */
  LeasedLoads(LoadWatcher told, Catalog catalog) {
    this.told = told;
    this.catalog = catalog;
  }

  @Override
  public Progress loading(String name) {
    catalog
        .find(name)
        .map(offer -> ModelUse.of(offer.file(), LoadOptions.defaults(), "serves it"))
        .flatMap(use -> Optional.ofNullable(uses.put(name, use)))
        .ifPresent(ModelUse::close); // it broke, and is loaded anew
    return told.loading(name);
  }

  private void end(String name) {
    Optional.ofNullable(uses.remove(name)).ifPresent(ModelUse::close);
  }

  @Override
  public void ready(String name, LoadedModel model) {
    told.ready(name, model);
  }

  @Override
  public void failed(String name, SoleboxException error) {
    end(name);
    told.failed(name, error);
  }

  @Override
  public void unloaded(String name, String other) {
    end(name);
    told.unloaded(name, other);
  }

  @Override
  public void expired(String name) {
    end(name);
    told.expired(name);
  }

  @Override
  public void dismissed(String name) {
    end(name);
    told.dismissed(name);
  }

  @Override
  public void evacuated(String name, SoleboxException why) {
    end(name);
    told.evacuated(name, why);
  }

  @Override
  public void abandoned(String name) {
    end(name);
    told.abandoned(name);
  }

  @Override
  public void close() {
    uses.keySet().forEach(this::end);
  }
}
