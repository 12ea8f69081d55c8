package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;

/**
 * What checks read: the machine, and what is worked out of it once for all of them.
 *
 * @param log what the kernel has said
 */
public record Facts(Box box, KernelLog log) {
  /** Reads. */
  public static Facts of(Box box) {
    return new Facts(box, KernelLog.of(box));
  }
}
