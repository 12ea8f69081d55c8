package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Graph;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A device that can run graphs. Safe to use from several threads; one process opens each device
 * once and all loaded models share it.
 */
public interface Backend extends AutoCloseable {
  /** For people, as in {@code CPU, 2 threads, 512-bit vectors}. */
  String describe();

  /** What a person who starts it should know, as that it is slower than it could be. */
  default List<String> notes() {
    return List.of();
  }

  /** What {@link #prepare} would take, computed from shapes alone, before anything is loaded. */
  Estimate estimate(Graph graph, Limits limits);

  /**
   * Takes the graph's weights (uploads, repacks, or uses them in place) and allocates the KV cache
   * and the scratch memory of the largest step.
   *
   * @throws SoleboxException {@code OUT_OF_MEMORY} with the numbers and with what would fit; {@code
   *     CANCELLED} soon after {@link Progress#cancelled()} turns true
   */
  Plan prepare(Graph graph, Limits limits, Progress progress);

  /**
   * What the device's memory gives when everything only reads it: all threads, widest loads, four
   * streams each, 1 GiB, median of five. The yardstick of decode; takes about a second. Empty where
   * a backend has no such measure.
   */
  default OptionalDouble readBandwidthBytesPerSecond() {
    return OptionalDouble.empty();
  }

  /**
   * What the link between the host's pinned memory and the device gives to copies, the yardstick of
   * loading. Empty where there is no link, or no room beside what is loaded.
   */
  default OptionalDouble linkBandwidthBytesPerSecond() {
    return OptionalDouble.empty();
  }

  /**
   * Floating-point operations per second of a loop that does nothing but multiply f16 matrices in
   * registers, the yardstick of prefill. Empty where a backend has no such measure.
   */
  default OptionalDouble matrixFlopsPerSecond() {
    return OptionalDouble.empty();
  }

  /** Closes the device. All plans must be closed before. */
  @Override
  void close();
}
