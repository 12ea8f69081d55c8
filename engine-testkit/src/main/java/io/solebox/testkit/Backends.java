package io.solebox.testkit;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import java.util.ServiceLoader;

/** Opens backends as an application finds them. */
public final class Backends {
  private Backends() {}

  /** The first device of the backend called {@code name}, as in {@code --device}. */
  public static Backend open(String name, int threads) {
    BackendProvider provider = provider(name);
    var usable = (BackendProvider.Probe.Usable) provider.probe();
    return provider.open(usable.devices().getFirst(), new BackendProvider.Options(threads));
  }

  /** Of the backend called {@code name}. */
  public static BackendProvider provider(String name) {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(p -> p.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
