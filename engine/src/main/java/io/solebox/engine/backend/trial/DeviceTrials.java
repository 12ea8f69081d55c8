package io.solebox.engine.backend.trial;

import java.time.Duration;
import java.util.List;

/**
 * What one device can be tried with, to find out whether it is well. One trial at a time, and no
 * model beside it; each returns when it has ended, at its time or soon after its watch says stop,
 * and throws {@code DEVICE_UNAVAILABLE} where the device is lost meanwhile.
 */
public interface DeviceTrials {
  /** What it can be burned with. */
  List<Burn> burns();

  /**
   * Computes for {@code time}, and compares the results of every pass with what the same numbers
   * must give.
   *
   * @param burn of {@link #burns}
   */
  BurnResult burn(Burn burn, Duration time, Watch<BurnSample> watch);

  /**
   * Writes patterns over all memory that is free, less a reserve, and reads them back.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code OUT_OF_MEMORY} where next to nothing is
   *     free
   */
  WalkResult walk(WalkDepth depth, Watch<WalkSample> watch);

  /** What can be copied between the host and it; empty where it is the host. */
  List<Copy> copies();

  /**
   * Copies for {@code time}, at least once, and compares what arrived.
   *
   * @param copy of {@link #copies}
   * @throws io.solebox.engine.error.SoleboxException {@code OUT_OF_MEMORY} where there is no room
   */
  CopyResult copy(Copy copy, Duration time, Watch<CopySample> watch);
}
