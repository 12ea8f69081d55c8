package io.solebox.hardware.sensors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source;
import io.solebox.hardware.telemetry.Source.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sensors of trees of files, as the kernel shows them, whole and broken. */
class SensorsTest {
  private static final String HWMON = "sys/class/hwmon/hwmon3/";
  private static final String PROBE = "sys/bus/w1/devices/28-0316a2793bff/";
  private static final String RAPL = "sys/class/powercap/intel-rapl:0/";

  /** The bytes of a real probe's answer. */
  private static final String BYTES = "72 01 4b 46 7f ff 0e 10 57 : crc=57 ";

  @TempDir private Path root;
  private final Map<String, String> broken = new HashMap<>();

  private void put(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + "\n");
  }

  /** The tree, with files that cannot be read. */
  private Box box() throws IOException {
    Box files = new FolderBox(root);
    return new Box() {
      @Override
      public Reading read(String path) {
        return broken.containsKey(path)
            ? new Reading.Unreadable(broken.get(path))
            : files.read(path);
      }

      @Override
      public List<String> names(String folder) {
        return files.names(folder);
      }

      @Override
      public Optional<String> link(String path) {
        return files.link(path);
      }
    };
  }

  private static List<DeviceReading> read(Source source) throws InterruptedException {
    return assertInstanceOf(Answer.Readings.class, source.read()).devices();
  }

  private static Measured one(Source source, Metric metric) throws InterruptedException {
    return read(source).getFirst().measured(metric);
  }

  private Source only(String kind) throws IOException {
    List<Source> found =
        Sensors.of(box()).stream().filter(each -> each.name().startsWith(kind)).toList();
    assertEquals(1, found.size());
    return found.getFirst();
  }

  @Test
  void aMachineWithoutSensorsHasNone() throws Exception {
    assertEquals(List.of(), Sensors.of(box()));
  }

  @Test
  void aChipHasChannelsInTheirUnits() throws Exception {
    put(HWMON + "name", "nct6775");
    Files.createDirectories(root.resolve("sys/devices/platform/nct6775.656"));
    Files.createSymbolicLink(
        root.resolve(HWMON + "device"), Path.of("../../../devices/platform/nct6775.656"));
    put(HWMON + "temp1_input", "41500");
    put(HWMON + "temp1_label", "SYSTIN");
    put(HWMON + "temp1_crit", "90000");
    put(HWMON + "temp2_input", "-62000");
    put(HWMON + "temp2_fault", "1");
    put(HWMON + "fan1_input", "0");
    put(HWMON + "pwm1", "255");
    put(HWMON + "in0_input", "1024");
    put(HWMON + "curr1_input", "2500");
    put(HWMON + "power1_average", "31000000");

    Map<String, Map<Metric, Measured>> values = new HashMap<>();
    read(only("hwmon/nct6775-nct6775.656")).forEach(each -> values.put(each.id(), each.values()));
    String chip = "nct6775-nct6775.656/";
    assertEquals(
        Map.of(Metric.CELSIUS, Measured.now(41.5), Metric.CRITICAL_CELSIUS, Measured.now(90)),
        values.get(chip + "temp1"));
    assertEquals(
        Map.of(Metric.CELSIUS, Measured.missing("the chip says that the sensor is broken")),
        values.get(chip + "temp2"));
    assertEquals(
        Map.of(Metric.FAN_RPM, Measured.now(0), Metric.FAN_PERCENT, Measured.now(100)),
        values.get(chip + "fan1"));
    assertEquals(Map.of(Metric.VOLTS, Measured.now(1.024)), values.get(chip + "in0"));
    assertEquals(Map.of(Metric.AMPERES, Measured.now(2.5)), values.get(chip + "curr1"));
    assertEquals(Map.of(Metric.POWER_WATTS, Measured.now(31)), values.get(chip + "power1"));
  }

  @Test
  void aChipThatErrsOrVanishesSaysSo() throws Exception {
    put(HWMON + "name", "lm75");
    put(HWMON + "temp1_input", "41500");
    Source chip = only("hwmon/lm75");
    assertEquals(Measured.now(41.5), one(chip, Metric.CELSIUS));

    broken.put(HWMON + "temp1_input", "Input/output error");
    assertEquals(Measured.missing("Input/output error"), one(only("hwmon/lm75"), Metric.CELSIUS));

    Files.delete(root.resolve(HWMON + "temp1_input"));
    assertInstanceOf(Answer.Silence.class, chip.read());
  }

  @Test
  void aDriveIsADrive() throws Exception {
    put(HWMON + "name", "nvme");
    put(HWMON + "device/model", "Samsung SSD 980 PRO 1TB   ");
    put(HWMON + "temp1_input", "38850");
    put(HWMON + "temp1_label", "Composite");
    DeviceReading drive = read(only("hwmon/nvme")).getFirst();
    assertEquals(Kind.NVME, drive.kind());
    assertEquals("Samsung SSD 980 PRO 1TB Composite", drive.name());
    assertEquals(Measured.now(38.85), drive.measured(Metric.CELSIUS));
  }

  @Test
  void aZoneHasACriticalPoint() throws Exception {
    String zone = "sys/class/thermal/thermal_zone0/";
    put(zone + "type", "x86_pkg_temp");
    put(zone + "temp", "52000");
    put(zone + "trip_point_0_type", "passive");
    put(zone + "trip_point_0_temp", "95000");
    put(zone + "trip_point_1_type", "critical");
    put(zone + "trip_point_1_temp", "105000");
    put("sys/class/thermal/cooling_device0/type", "Processor");
    DeviceReading reading = read(only("thermal/")).getFirst();
    assertEquals("x86_pkg_temp", reading.name());
    assertEquals(
        Map.of(Metric.CELSIUS, Measured.now(52), Metric.CRITICAL_CELSIUS, Measured.now(105)),
        reading.values());
    put(zone + "temp", "");
    assertEquals(
        Measured.missing("it says no number: "),
        read(only("thermal/")).getFirst().measured(Metric.CELSIUS));
  }

  private Measured probe(String first, String second) throws Exception {
    put(PROBE + "w1_slave", first + "\n" + second);
    return one(only("w1/28-0316a2793bff"), Metric.CELSIUS);
  }

  @Test
  void aProbeIsBelievedOnlyWhereItCanBe() throws Exception {
    assertEquals(Measured.now(23.125), probe(BYTES + "YES", "72 01 4b 46 7f ff 0e 10 57 t=23125"));
    assertEquals(Measured.now(-0.062), probe(BYTES + "YES", "ff ff t=-62"));
    assertEquals(
        Measured.missing("its answer was garbled: the check sum is wrong"),
        probe(BYTES + "NO", "72 01 t=23125"));
    assertEquals(
        Measured.missing("it says 85.000 °C, as one that has just got power"),
        probe(BYTES + "YES", "50 05 t=85000"));
    assertEquals(Measured.now(85.062), probe(BYTES + "YES", "51 05 t=85062"));
    assertEquals(
        Measured.missing("it says 127.94 °C, as one that lacks power"),
        probe(BYTES + "YES", "ff 07 t=127937"));
    assertEquals(Measured.missing("it says nothing"), probe("", ""));

    Source probe = only("w1/");
    Files.delete(root.resolve(PROBE + "w1_slave"));
    put(PROBE + "temperature", "85000");
    assertEquals(
        Measured.missing("it says 85.000 °C, as one that has just got power"),
        one(probe, Metric.CELSIUS));
    Files.delete(root.resolve(PROBE + "temperature"));
    assertEquals(Measured.missing("it answers no more"), one(probe, Metric.CELSIUS));
  }

  @Test
  void energyGoesOnWhereTheCounterBeginsAnew() throws Exception {
    put(RAPL + "name", "package-0");
    put(RAPL + "energy_uj", "262143000000");
    put(RAPL + "max_energy_range_uj", "262143328850");
    put("sys/class/powercap/intel-rapl-mmio:0/energy_uj", "1");
    AtomicLong nanos = new AtomicLong();
    RaplZone zone = new RaplZone(box(), "intel-rapl:0", nanos::get);
    assertEquals(Measured.missing("it takes two readings"), one(zone, Metric.POWER_WATTS));

    nanos.addAndGet(2_000_000_000);
    put(RAPL + "energy_uj", "99671150");
    DeviceReading reading = read(zone).getFirst();
    assertEquals("package-0", reading.name());
    assertEquals(100, reading.value(Metric.ENERGY_JOULES).orElseThrow(), 1e-6);
    assertEquals(50, reading.value(Metric.POWER_WATTS).orElseThrow(), 1e-6);

    Files.delete(root.resolve(RAPL + "max_energy_range_uj"));
    put(RAPL + "energy_uj", "5");
    assertEquals(100, read(zone).getFirst().value(Metric.ENERGY_JOULES).orElseThrow(), 1e-6);
    assertFalse(Sensors.of(box()).stream().anyMatch(each -> each.name().contains("mmio")));
  }

  @Test
  void energyThatRootAloneMayReadIsSaidToBe() throws Exception {
    put(RAPL + "energy_uj", "5");
    broken.put(RAPL + "energy_uj", "root is needed");
    DeviceReading reading = read(only("rapl/")).getFirst();
    assertEquals(Measured.missing("root is needed"), reading.measured(Metric.ENERGY_JOULES));
    assertEquals(Measured.missing("root is needed"), reading.measured(Metric.POWER_WATTS));
  }
}
