package io.solebox.hardware.telemetry;

import java.time.Duration;
import java.util.List;

/**
 * Something that is asked for values again and again, each time by one thread that does nothing
 * else: it may take as long as it does, and others do not wait for it.
 */
public interface Source extends AutoCloseable {
  /** What it says when it is asked. */
  sealed interface Answer {
    /** What was measured; ages are 0 but for what it knows to be older. */
    record Readings(List<DeviceReading> devices) implements Answer {
      public Readings {
        devices = List.copyOf(devices);
      }
    }

    /** It has nothing, and why. */
    record Silence(String why) implements Answer {}
  }

  /** Its own among all sources. */
  String name();

  /** How long an answer may take before it is late. */
  default Duration deadline() {
    return Duration.ofSeconds(2);
  }

  /** How old a value may become before it is none. */
  default Duration tooOld() {
    return Duration.ofSeconds(10);
  }

  /** Asks. What a machine says is never an exception. */
  Answer read() throws InterruptedException;

  /** No more questions. */
  @Override
  default void close() {}
}
