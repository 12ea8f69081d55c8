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
  /** What a measure is given in. */
  public enum Unit {
    BYTES_PER_SECOND,
    OPERATIONS_PER_SECOND,
    MICROSECONDS,
    BYTES
  }

  /** What is measured. */
  public enum Kind {
    /**
     * Bytes per second when everything only reads the device's memory: the yardstick of decode. On
     * a processor all threads, widest loads, four streams each, 1 GiB, median of five; on a GPU the
     * best of three kernels over 4 GiB of random bytes.
     */
    READ_BANDWIDTH("read bandwidth", "read_bandwidth_bytes_per_second", Unit.BYTES_PER_SECOND),
    /**
     * Bytes per second of copies from the host's pinned memory to the device: the yardstick of
     * loading.
     */
    LINK_BANDWIDTH("link to the device", "link_bandwidth_bytes_per_second", Unit.BYTES_PER_SECOND),
    /**
     * Operations per second of a loop that does nothing but multiply f16 matrices in registers: the
     * yardstick of prefill.
     */
    MATRIX_FLOPS("f16 matrix units", "matrix_flops_per_second", Unit.OPERATIONS_PER_SECOND),
    /**
     * From one empty kernel of a captured graph to the next, each waiting for the one ahead: below
     * this no step is, times its launches.
     */
    KERNEL_NODE("empty kernel in a graph", "kernel_node_microseconds", Unit.MICROSECONDS),
    /** The same where a kernel may start before the one ahead of it has ended. */
    EARLY_KERNEL_NODE(
        "the same, started early", "early_kernel_node_microseconds", Unit.MICROSECONDS),
    /** What a copy of 64 bytes between two kernels adds to a graph. */
    COPY_NODE("copy in a graph", "copy_node_microseconds", Unit.MICROSECONDS),
    /** What one prefetch brings into the device's cache. */
    PREFETCH("prefetch", "prefetch_bytes", Unit.BYTES),
    /**
     * What it costs beside the device's own time to launch a step and to sleep until it is done.
     */
    SLEEPING_WAIT("wait, asleep", "sleeping_wait_microseconds", Unit.MICROSECONDS),
    /** The same where threads look again and again when it should be done. */
    LOOKING_WAIT("wait, looking", "looking_wait_microseconds", Unit.MICROSECONDS);

    private final String label;
    private final String wireName;
    private final Unit unit;

    Kind(String label, String wireName, Unit unit) {
      this.label = label;
      this.wireName = wireName;
      this.unit = unit;
    }

    /** For people. */
    public String label() {
      return label;
    }

    /** For programs. */
    public String wireName() {
      return wireName;
    }

    /** Of what {@link Yardstick#measure} gives. */
    public Unit unit() {
      return unit;
    }
  }
}
