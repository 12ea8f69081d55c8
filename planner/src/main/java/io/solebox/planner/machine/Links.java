package io.solebox.planner.machine;

import io.solebox.hardware.pci.PciLink;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;

/** What links of PCI Express bring over. */
final class Links {
  /** 12.2 GB/s of 15.75 arrive on Gen3 x16 (gearshifft issue 82). */
  private static final double LEAST = 0.75;

  /** 26 GB/s of 31.5 arrive on Gen4 x16 (nvbandwidth). */
  private static final double MOST = 0.83;

  private Links() {}

  /**
   * Bytes a second that arrive.
   *
   * @param sharers cards that may have to share it: whether they do is not known, so the low end is
   *     a share
   */
  static Range carries(PciLink link, int sharers) {
    double peak = link.gigabytes() * 1e9;
    return new Range(
        peak * LEAST / sharers,
        peak * MOST,
        Unit.BYTES_PER_SECOND,
        "%s, the slowest of host, slot and card, carries %.2f GB/s, of which 75 to 83 %% arrive (gearshifft issue 82, nvbandwidth)"
                .formatted(link, link.gigabytes())
            + (sharers > 1 ? "; %d cards may share it, through a switch".formatted(sharers) : ""));
  }
}
