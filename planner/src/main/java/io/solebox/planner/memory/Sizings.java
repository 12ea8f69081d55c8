package io.solebox.planner.memory;

import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.BackendProvider.Options;
import io.solebox.engine.backend.Sizing;
import java.util.ServiceLoader;

/**
 * What plans take on cards and on processors, from the backends that run on them.
 *
 * @param card of the backend for cards
 * @param processor of that for processors
 */
public record Sizings(Sizing card, Sizing processor) {
  /**
   * @param threads of the processor
   * @throws IllegalStateException in a build without these backends
   */
  public static Sizings find(int threads) {
    return new Sizings(sizing("cuda", threads), sizing("cpu", threads));
  }

  private static Sizing sizing(String name, int threads) {
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      if (provider.name().equals(name)) {
        return provider.sizing(new Options(threads));
      }
    }
    throw new IllegalStateException("this build has no backend " + name);
  }
}
