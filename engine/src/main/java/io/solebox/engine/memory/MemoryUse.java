package io.solebox.engine.memory;

import java.util.Locale;

/**
 * Memory of a device, in bytes, by what it is for.
 *
 * @param weightBytes weights that were uploaded, repacked or turned into another format
 * @param mappedBytes weights used in place, in the memory of the model file: they can be dropped by
 *     the system, but then every token reads them from the disk again
 * @param stateBytes what sequences keep: keys, values, recurrent state
 * @param scratchBytes activations of the largest step, and what else is needed
 */
public record MemoryUse(long weightBytes, long mappedBytes, long stateBytes, long scratchBytes) {
  public long total() {
    long rest = weightBytes + mappedBytes + scratchBytes;
    // A context near 2^31 may wish for more than a long can hold.
    return stateBytes > Long.MAX_VALUE - rest ? Long.MAX_VALUE : stateBytes + rest;
  }

  /** Of both together. */
  public MemoryUse plus(MemoryUse other) {
    long state = stateBytes + other.stateBytes;
    return new MemoryUse(
        weightBytes + other.weightBytes,
        mappedBytes + other.mappedBytes,
        state < 0 ? Long.MAX_VALUE : state,
        scratchBytes + other.scratchBytes);
  }

  /** As errors and notes write bytes. */
  public static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
