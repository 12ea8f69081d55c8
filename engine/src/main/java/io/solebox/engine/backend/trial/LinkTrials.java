package io.solebox.engine.backend.trial;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What several devices can be tried with together. Places are those of the list that they were
 * given in. As with {@link DeviceTrials}, one trial at a time, and no model beside it.
 */
public interface LinkTrials {
  /** How many devices. */
  int size();

  /** What all of them can copy at once. */
  List<Copy> copies();

  /**
   * All devices copy at the same time, which shows what they share on the way.
   *
   * @param copy of {@link #copies}
   * @return a result for each device
   */
  List<CopyResult> copy(Copy copy, Duration time, Watch<CopySample> watch);

  /**
   * What goes from each device to each other.
   *
   * @param watch gets every pair when it is measured
   * @return all that were measured until it was stopped; empty where the devices cannot be told
   *     apart like that
   */
  List<PeerPair> peers(Watch<PeerPair> watch);

  /**
   * Sums up over some of the devices.
   *
   * @param members places, at least two
   * @param bytes of the sum, a multiple of 16
   * @return empty where this was stopped, or where there is no sum over these; then {@link #notes}
   *     says why
   */
  Optional<ReduceResult> allReduce(List<Integer> members, long bytes, BooleanSupplier stopped);

  /** What cannot be tried, and why, a sentence each. */
  List<String> notes();
}
