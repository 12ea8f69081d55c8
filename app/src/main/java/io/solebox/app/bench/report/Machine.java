package io.solebox.app.bench.report;

import java.util.List;

/**
 * Where it was measured. What is not told says so in words, where the value would stand.
 *
 * @param product what the machine calls itself
 * @param processors that the program may use
 * @param memoryBytes of the machine; 0 where it is not told
 * @param driver of GPUs
 * @param device what computes
 */
public record Machine(
    String product,
    String cpu,
    int processors,
    long memoryBytes,
    String kernel,
    String driver,
    String device,
    List<Gpu> gpus) {
  public Machine {
    gpus = List.copyOf(gpus);
  }

  /**
   * A card.
   *
   * @param address in PCI
   * @param memory as in {@code 80.00 GiB}
   * @param link as it was at most during the run: it falls when idle
   * @param powerLimit as in {@code 300 W}
   */
  public record Gpu(String name, String address, String memory, String link, String powerLimit) {}
}
