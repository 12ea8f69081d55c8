package io.solebox.engine.backend;

import io.solebox.engine.backend.trial.DeviceTrials;
import io.solebox.engine.backend.trial.Identity;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A device that can run graphs. Safe to use from several threads; one process opens each device
 * once and all loaded models share it.
 */
public interface Backend extends Sizing, AutoCloseable {
  /** For people, as in {@code CPU, 2 threads, 512-bit vectors}. */
  String describe();

  /** What its bits hang on. Where nothing else is said, nothing is promised. */
  default Arithmetic arithmetic() {
    return new Arithmetic(describe(), false);
  }

  /** What a person who starts it should know, as that it is slower than it could be. */
  default List<String> notes() {
    return List.of();
  }

  /**
   * What the device itself says is free now, where others than us may take of its memory; empty
   * where nobody knows better than {@link io.solebox.engine.memory.MemoryLedger}.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where the device is lost
   */
  default OptionalLong freeBytes() {
    return OptionalLong.empty();
  }

  /**
   * Bytes per second that the device says its memory can give at most, to hold devices against each
   * other; empty where it does not say.
   */
  default OptionalDouble nominalBandwidth() {
    return OptionalDouble.empty();
  }

  /**
   * Takes the graph's weights (uploads, repacks, or uses them in place) and allocates what
   * sequences keep and the scratch memory of the largest step.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY} with the numbers and with what would fit; {@code
   *     CANCELLED} soon after {@link Progress#cancelled()} turns true; {@code INVALID_PARAMETER}
   *     for a watched graph, where the device has nothing that watches
   */
  Plan prepare(Graph graph, Limits limits, Progress progress);

  /** What the device can be held against; none where a backend has no measure. */
  default List<Yardstick> yardsticks() {
    return List.of();
  }

  /** Which card it is; empty of what is none. */
  default Optional<Identity> identity() {
    return Optional.empty();
  }

  /** What the device can be tried with; none where a backend has no trials. */
  default Optional<DeviceTrials> trials() {
    return Optional.empty();
  }

  /** Closes the device. All plans must be closed before. */
  @Override
  void close();
}
