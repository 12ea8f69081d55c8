package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.box.Box;
import java.util.Optional;

/**
 * What checks read: the machine, and what is worked out of it once for all of them.
 *
 * @param log what the kernel has said
 * @param pci its buses, with its GPUs
 * @param host the machine itself and its kernel
 * @param nvidia NVIDIA's kernel module, where it is loaded
 * @param driver that module with all that belongs to it
 */
public record Facts(
    Box box, KernelLog log, Pci pci, Host host, Optional<NvidiaDriver> nvidia, Driver driver) {
  /** Reads. */
  public static Facts of(Box box) {
    KernelLog log = KernelLog.of(box);
    Pci pci = Pci.of(box, log);
    Optional<NvidiaDriver> nvidia = NvidiaDriver.of(box, log);
    return new Facts(box, log, pci, Host.of(box, log, pci), nvidia, Driver.of(box, nvidia));
  }
}
