package io.solebox.hardware.telemetry;

import java.util.function.Consumer;

/**
 * Measures a machine again and again. One thread puts snapshots together; it never waits for a
 * sensor.
 */
public interface Sampler extends AutoCloseable {
  /** The last one; the first is put together before a sampler is handed out. */
  Snapshot latest();

  /**
   * Has each further snapshot heard, by the sampler's thread: who hears must be quick.
   *
   * @return ends it
   */
  Subscription subscribe(Consumer<Snapshot> listener);

  /** That somebody hears. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  @Override
  void close();
}
