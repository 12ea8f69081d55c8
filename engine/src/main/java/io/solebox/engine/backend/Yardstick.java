package io.solebox.engine.backend;

import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * What a device gives to a loop that does one thing alone, to hold real work against.
 *
 * @param measure takes about a second, while no model may be computing; empty where there is no
 *     room for it beside what is loaded
 */
public record Yardstick(Kind kind, Supplier<OptionalDouble> measure) {
  /** What is measured. */
  public enum Kind {
    /**
     * Bytes per second when everything only reads the device's memory: the yardstick of decode. All
     * threads, widest loads, four streams each, 1 GiB, median of five.
     */
    READ_BANDWIDTH("read bandwidth", "read_bandwidth_bytes_per_second"),
    /**
     * Bytes per second of copies from the host's pinned memory to the device: the yardstick of
     * loading.
     */
    LINK_BANDWIDTH("link to the device", "link_bandwidth_bytes_per_second"),
    /**
     * Operations per second of a loop that does nothing but multiply f16 matrices in registers: the
     * yardstick of prefill.
     */
    MATRIX_FLOPS("f16 matrix units", "matrix_flops_per_second");

    private final String label;
    private final String wireName;

    Kind(String label, String wireName) {
      this.label = label;
      this.wireName = wireName;
    }

    /** For people. */
    public String label() {
      return label;
    }

    /** For programs. */
    public String wireName() {
      return wireName;
    }
  }
}
