package io.solebox.hardware.table;

import java.util.Optional;

/** What multiprocessors and links of PCIe reach: {@code rates.tsv} and {@code links.tsv}. */
public final class SpeedTable {
  /** Lanes that the figures of {@code links.tsv} are of. */
  private static final int LANES = 16;

  private final CellTable rates = CellTable.of("rates.tsv");
  private final CellTable links = CellTable.of("links.tsv");

  /**
   * Operations per clock and multiprocessor.
   *
   * @param compute compute capability, as in {@code 7.0}
   * @param kind {@code f16_matrix}, {@code int8_matrix}, {@code int8_lanes} or {@code f32_lanes}
   */
  public Optional<Sourced> operationsPerClock(String compute, String kind) {
    return rates.sourced(compute, kind);
  }

  /**
   * What copies of pinned memory reach, in 10^9 bytes a second in one direction.
   *
   * @param generation of PCIe, from 1
   * @param way {@code to_device}, {@code from_device}, or {@code both} for each of them at once
   */
  public Optional<Sourced> gigabytes(int generation, int lanes, String way) {
    return links
        .sourced(Integer.toString(generation), way)
        .map(
            of16 ->
                lanes == LANES
                    ? of16
                    : new Sourced(
                        of16.value() * lanes / LANES,
                        of16.source() + "; %d of %d lanes".formatted(lanes, LANES)));
  }
}
