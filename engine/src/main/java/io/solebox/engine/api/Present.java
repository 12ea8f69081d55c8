package io.solebox.engine.api;

import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Devices of several that can be used now.
 *
 * @param shares one for each, or none
 * @param lost for people: what became of the others
 */
record Present(List<OpenDevice> devices, List<Integer> shares, List<String> lost) {
  /**
   * @param shares one for each device, or none
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where all are lost
   */
  static Present of(List<OpenDevice> devices, List<Integer> shares) {
    var present = new ArrayList<OpenDevice>();
    var theirs = new ArrayList<Integer>();
    var lost = new ArrayList<String>();
    Optional<SoleboxException> first = Optional.empty();
    for (int i = 0; i < devices.size(); i++) {
      OpenDevice device = devices.get(i);
      Optional<SoleboxException> loss = devices.size() == 1 ? Optional.empty() : device.loss();
      if (loss.isPresent()) {
        first = first.or(() -> loss);
        lost.add(device.name() + " is lost, and left out: " + loss.get().getMessage());
        continue;
      }
      present.add(device);
      if (!shares.isEmpty()) {
        theirs.add(shares.get(i));
      }
    }
    if (present.isEmpty()) {
      throw first.orElseThrow();
    }
    return new Present(present, theirs, lost);
  }

  int count() {
    return devices.size();
  }

  /** Bytes per second of the memory of each; empty unless all say it. */
  Optional<List<Double>> bandwidths() {
    List<Double> known =
        devices.stream()
            .flatMapToDouble(device -> device.backend().nominalBandwidth().stream())
            .boxed()
            .toList();
    return known.size() == devices.size() ? Optional.of(known) : Optional.empty();
  }
}
