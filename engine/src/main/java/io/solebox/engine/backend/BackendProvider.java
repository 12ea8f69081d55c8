package io.solebox.engine.backend;

import io.solebox.engine.backend.trial.LinkTrials;
import java.util.List;
import java.util.Optional;

/**
 * How a backend is found: through {@link java.util.ServiceLoader}, never by name at compile time.
 */
public interface BackendProvider {
  /** As in {@code --device}: {@code cpu}, {@code cuda}, {@code reference}. */
  String name();

  /** Looks at the machine without claiming anything; cheap, and never throws. */
  Probe probe();

  /**
   * Opens a device that {@link #probe()} found.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code DEVICE_UNAVAILABLE} with reason and
   *     remedy
   */
  Backend open(Device device, Options options);

  /**
   * What several of its devices can be tried with together; none where a provider has no such
   * trials.
   *
   * @param devices that this provider opened, at least two
   */
  default Optional<LinkTrials> linkTrials(List<Backend> devices) {
    return Optional.empty();
  }

  /**
   * Whether devices can compute one graph together. Cheap where it was asked before.
   *
   * @param members that this provider has opened, at least two
   */
  default Teaming team(List<Backend> members) {
    return new Teaming.Apart(
        "Devices of the backend %s have no way to compute one layer together.".formatted(name()),
        "Use --split layers.");
  }

  /** What plans take on a device of this kind, whether one is here or not; claims nothing. */
  Sizing sizing(Options options);

  /** What a provider found. */
  sealed interface Probe {
    /**
     * @param score higher is preferred by {@code --device auto}; negative is never chosen unasked
     * @param notes what was found and chosen, a line each, for {@code solebox devices}
     */
    record Usable(int score, List<Device> devices, List<String> notes) implements Probe {}

    /** Says why not, and what to do about it. */
    record Unusable(String reason, String remedy) implements Probe {}
  }

  /**
   * @param index as in {@code cuda:1}
   * @param memoryBytes memory that a model could use
   */
  record Device(int index, String description, long memoryBytes) {}

  /**
   * @param threads for a backend that computes on the CPU, at least 1
   */
  record Options(int threads) {}
}
