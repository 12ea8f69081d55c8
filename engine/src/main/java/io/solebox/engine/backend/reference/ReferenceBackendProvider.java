package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.backend.Teaming;
import java.util.List;

/**
 * The scalar truth. Always there, never chosen unasked: it is a hundred times slower than the rest.
 */
public final class ReferenceBackendProvider implements BackendProvider {
  @Override
  public String name() {
    return "reference";
  }

  @Override
  public Probe probe() {
    var device = new Device(0, "scalar reference, 1 thread", Runtime.getRuntime().maxMemory());
    return new Probe.Usable(
        -1, List.of(device), List.of("plain scalar loops, for tests; chosen only by name"));
  }

  @Override
  public Backend open(Device device, Options options) {
    return new ReferenceBackend();
  }

  /** Threads that meet in this process's memory. */
  @Override
  public Teaming team(List<Backend> members) {
    return new Teaming.Together(new ReferenceTeam(members.size()));
  }

  @Override
  public Sizing sizing(Options options) {
    return new ReferenceBackend();
  }
}
