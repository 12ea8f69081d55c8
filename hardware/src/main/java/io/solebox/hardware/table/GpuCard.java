package io.solebox.hardware.table;

import java.util.List;
import java.util.Optional;

/**
 * A model of a GPU.
 *
 * @param name as the list of PCI ids has it
 * @param vramMib its memory in MiB; the smallest of models that share an id
 * @param bar1Mib sizes in MiB that the BAR for its memory may have; empty where none is known
 * @param powerWatts its default limit, or the most that one without a limit has been said to draw
 * @param minPowerWatts the lowest limit it takes
 * @param memoryMaxCelsius what its memory may have, where its driver does not say it
 * @param canCapPower whether its driver takes a power limit
 * @param form as in {@code SXM2}
 * @param compute compute capability, as in {@code 7.0}
 * @param multiprocessors that the model has enabled
 * @param memoryGigabytes what its memory gives at most, in 10^9 bytes a second, with the source
 */
public record GpuCard(
    String name,
    String architecture,
    int vramMib,
    List<Integer> bar1Mib,
    Optional<Integer> powerWatts,
    Optional<Integer> minPowerWatts,
    Optional<Integer> memoryMaxCelsius,
    boolean canCapPower,
    Optional<String> form,
    Optional<String> compute,
    Optional<Integer> multiprocessors,
    Optional<Sourced> memoryGigabytes) {
  public GpuCard {
    bar1Mib = List.copyOf(bar1Mib);
  }
}
