package io.solebox.hardware.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.hardware.telemetry.BoxEnergy.By;
import io.solebox.hardware.telemetry.BoxEnergy.Drawn;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a machine draws is told with what has measured it. */
class BoxEnergyTest {
  private final BoxEnergy energy = new BoxEnergy();

  private static DeviceReading device(Kind kind, String id, double watts) {
    return new DeviceReading(kind, id, id, Map.of(Metric.POWER_WATTS, Measured.now(watts)));
  }

  private static DeviceReading counting(Kind kind, String id, double watts, double joules) {
    return new DeviceReading(
        kind,
        id,
        id,
        Map.of(
            Metric.POWER_WATTS, Measured.now(watts), Metric.ENERGY_JOULES, Measured.now(joules)));
  }

  private Optional<Drawn> at(long second, DeviceReading... devices) {
    return energy.observe(new Snapshot(Instant.ofEpochSecond(second), List.of(), List.of(devices)));
  }

  @Test
  void gpusAndPackagesAreSummedUp() {
    DeviceReading core = counting(Kind.CPU_POWER, "intel-rapl:0:0", 20, 1);
    at(
        0,
        counting(Kind.GPU, "a", 200, 5000),
        counting(Kind.CPU_POWER, "intel-rapl:0", 40, 7),
        core);
    assertEquals(
        Optional.of(new Drawn(By.GPUS_AND_CPU, 250, 245)),
        at(
            1,
            counting(Kind.GPU, "a", 210, 5205),
            counting(Kind.CPU_POWER, "intel-rapl:0", 40, 47),
            core),
        "a part of a package is in it already");
  }

  @Test
  void aPlugKnowsAll() {
    DeviceReading gpu = device(Kind.GPU, "a", 200);
    at(0, gpu, device(Kind.PLUG, "p", 300));
    assertEquals(
        Optional.of(new Drawn(By.PLUG, 310, 620)), at(2, gpu, device(Kind.PLUG, "p", 310)));
    assertEquals(
        Optional.of(new Drawn(By.GPUS, 200, 200)),
        at(3, gpu),
        "one that does not answer leaves it to what does");
  }

  @Test
  void nothingIsMadeUp() {
    assertEquals(Optional.empty(), at(0, device(Kind.HWMON, "chip/power1", 5)));
    assertEquals(
        Optional.of(new Drawn(By.GPUS, 100, 0)),
        at(61, device(Kind.GPU, "a", 100)),
        "a machine that slept");
    at(62, counting(Kind.GPU, "b", 100, 9000));
    assertEquals(
        Optional.of(new Drawn(By.GPUS, 100, 0)),
        at(63, counting(Kind.GPU, "b", 100, 5)),
        "a counter that began anew");
    assertEquals(
        Optional.of(new Drawn(By.CPU, 40, 0)),
        at(64, counting(Kind.CPU_POWER, "intel-rapl:1", 40, 700)));
  }
}
