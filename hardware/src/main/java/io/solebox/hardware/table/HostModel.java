package io.solebox.hardware.table;

import io.solebox.hardware.pci.PciLink;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A system on a chip or a board that is known.
 *
 * @param name for people
 * @param hasDeviceTree whether it is described by a device tree rather than by ACPI
 * @param windowBytes the largest window for prefetchable memory that it can have
 * @param windowSays the same in words, with what its firmware makes of it
 * @param link the best that its slot trains to
 * @param coherent whether devices see the caches of the CPU
 * @param note what else is known to be wrong with it
 * @param works what is known to work on it
 * @param erratum a fault of the silicon that GPUs meet
 */
public record HostModel(
    String name,
    boolean hasDeviceTree,
    OptionalLong windowBytes,
    Optional<String> windowSays,
    Optional<PciLink> link,
    Optional<Boolean> coherent,
    Optional<String> note,
    Optional<String> works,
    Optional<Erratum> erratum) {
  /**
   * A fault of the silicon.
   *
   * @param words its number and what it does
   * @param remedy what to do
   */
  public record Erratum(String words, String remedy) {}
}
