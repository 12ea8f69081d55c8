package io.solebox.hardware.sensors;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.telemetry.Source;
import java.util.List;
import java.util.stream.Stream;

/** The sensors of a machine that the kernel shows as files. */
public final class Sensors {
  private Sensors() {}

  /** All that there are now, each a source of its own, so that none waits for another. */
  public static List<Source> of(Box box) {
    return Stream.of(
            ThermalZone.all(box), HwmonChip.all(box), RaplZone.all(box), OneWireProbe.all(box))
        .flatMap(List::stream)
        .toList();
  }
}
