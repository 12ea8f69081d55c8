package io.solebox.hardware.nvml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Source.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NVML in its own process, against a library that behaves and misbehaves as it is told. */
class NvmlTest {
  private static final String FIRST = "GPU-00000000-0000-0000-0000-000000000000";
  private static final String SECOND = "GPU-00000000-0000-0000-0000-000000000001";

  /** Waits long for what comes, and little where something must not come. */
  private static final NvmlPace PACE =
      new NvmlPace(
          Duration.ofMinutes(1),
          Duration.ofSeconds(3),
          Duration.ofMillis(1),
          Duration.ofMillis(1),
          Duration.ofMillis(1));

  @TempDir private Path folder;

  private static Nvml nvml(FakeNvml fake) {
    return new Nvml(fake.library().toString(), PACE);
  }

  private static List<DeviceReading> read(Nvml nvml) throws InterruptedException {
    return assertInstanceOf(Answer.Readings.class, nvml.read()).devices();
  }

  private static String silence(Nvml nvml) throws InterruptedException {
    return assertInstanceOf(Answer.Silence.class, nvml.read()).why();
  }

  private static double value(DeviceReading gpu, Metric metric) {
    return gpu.value(metric).orElseThrow(() -> new AssertionError(gpu.measured(metric)));
  }

  @Test
  void tellsEachValueInItsUnit() throws Exception {
    FakeNvml fake = FakeNvml.in(folder);
    fake.set("gpus", 2).set("core.1", 71).set("hbm.1", 84).set("power", 153_250);
    fake.set("reasons", 0x44).set("fans", 2).set("ecc", 5);
    try (Nvml nvml = nvml(fake)) {
      List<DeviceReading> gpus = read(nvml);
      DeviceReading gpu = gpus.getLast();

      assertEquals(List.of(FIRST, SECOND), gpus.stream().map(DeviceReading::id).toList());
      assertEquals("Fake V100-SXM2-32GB", gpu.name());
      assertEquals(Optional.of("0000:02:00.0"), gpu.address());
      assertEquals(45, value(gpus.getFirst(), Metric.CORE_CELSIUS));
      assertEquals(71, value(gpu, Metric.CORE_CELSIUS));
      assertEquals(84, value(gpu, Metric.MEMORY_CELSIUS));
      assertEquals(90, value(gpu, Metric.SHUTDOWN_CELSIUS));
      assertEquals(85, value(gpu, Metric.MEMORY_MAX_CELSIUS));
      assertEquals(153.25, value(gpu, Metric.POWER_WATTS), 1e-6);
      assertEquals(300, value(gpu, Metric.POWER_LIMIT_WATTS), 1e-6);
      assertEquals(150, value(gpu, Metric.POWER_LIMIT_MIN_WATTS), 1e-6);
      assertEquals(300, value(gpu, Metric.POWER_LIMIT_MAX_WATTS), 1e-6);
      assertEquals(300, value(gpu, Metric.POWER_LIMIT_DEFAULT_WATTS), 1e-6);
      assertEquals(5000, value(gpu, Metric.ENERGY_JOULES), 1e-6);
      assertEquals(1530, value(gpu, Metric.SM_MEGAHERTZ));
      assertEquals(0x44, value(gpu, Metric.EVENT_REASONS_MASK));
      assertEquals(31, value(gpu, Metric.FAN_PERCENT), "the one that turns more");
      assertEquals(2L << 30, value(gpu, Metric.MEMORY_USED_BYTES));
      assertEquals(1L << 30, value(gpu, Metric.MEMORY_RESERVED_BYTES));
      assertEquals(5, value(gpu, Metric.ECC_CORRECTED_COUNT));
      assertEquals(0, value(gpu, Metric.ECC_UNCORRECTED_LIFETIME_COUNT));
      assertEquals(2, value(gpu, Metric.REMAPPED_UNCORRECTABLE_ROWS));
      assertEquals(16, value(gpu, Metric.PCIE_LANES));
      assertFalse(gpu.values().containsKey(Metric.ENERGY_INTEGRATED_JOULES));
      assertFalse(gpu.values().containsKey(Metric.RETIRED_SINGLE_BIT_PAGES));
    }
  }

  /**
   * Before Volta, of a driver of then: retired pages, old names, no counter of energy, no fields.
   */
  @Test
  void saysWhatAnOldCardCannotTell() throws Exception {
    FakeNvml fake = FakeNvml.oldIn(folder);
    fake.without("nvmlDeviceGetTotalEnergyConsumption").without("nvmlDeviceGetRemappedRows");
    fake.without("nvmlDeviceGetFieldValues").set("reasons", 4).set("retired", 3);
    try (Nvml nvml = nvml(fake)) {
      read(nvml);
      DeviceReading gpu = read(nvml).getFirst();

      assertEquals(101, value(gpu, Metric.POWER_WATTS), 1e-6, "by nvmlDeviceGetPowerUsage");
      assertFalse(gpu.values().containsKey(Metric.ENERGY_JOULES));
      assertTrue(value(gpu, Metric.ENERGY_INTEGRATED_JOULES) > 0);
      assertEquals(
          Measured.missing("this GPU cannot do or tell it"), gpu.measured(Metric.MEMORY_CELSIUS));
      assertEquals(4, value(gpu, Metric.EVENT_REASONS_MASK));
      assertEquals(3L << 30, value(gpu, Metric.MEMORY_USED_BYTES));
      assertEquals(3, value(gpu, Metric.RETIRED_SINGLE_BIT_PAGES));
      assertEquals(0, value(gpu, Metric.RETIRED_DOUBLE_BIT_PAGES));
      assertFalse(gpu.values().containsKey(Metric.REMAP_PENDING_FLAG));
    }
  }

  /** GA100 does not support field 185, older cards not 186. */
  @Test
  void asksForPowerInOtherWords() throws Exception {
    FakeNvml fake = FakeNvml.in(folder);
    fake.without("field186");
    try (Nvml nvml = nvml(fake)) {
      assertEquals(99, value(read(nvml).getFirst(), Metric.POWER_WATTS), 1e-6, "field 185");
    }
  }

  @Test
  void endsWhatHangsAndBeginsAnew() throws Exception {
    FakeNvml fake = FakeNvml.in(folder);
    try (Nvml nvml = nvml(fake)) {
      read(nvml);
      assertEquals(1, nvml.generation());

      fake.set("hang", 1);
      assertTrue(silence(nvml).startsWith("NVML has not answered for 3 s"));

      fake.set("hang", 0);
      assertEquals(45, value(eventually(nvml).getFirst(), Metric.CORE_CELSIUS));
      assertEquals(2, nvml.generation());
    }
  }

  /** A pause of a millisecond may be over or not. */
  private static List<DeviceReading> eventually(Nvml nvml) throws InterruptedException {
    while (true) {
      if (nvml.read() instanceof Answer.Readings(List<DeviceReading> devices)) {
        return devices;
      }
      Thread.onSpinWait();
    }
  }

  @Test
  void saysOfALostCardThatItIsLostAndFindsItAgain() throws Exception {
    FakeNvml fake = FakeNvml.in(folder);
    fake.set("gpus", 2);
    try (Nvml nvml = nvml(fake)) {
      read(nvml);
      fake.set("lost.1", 1);
      List<DeviceReading> gpus = read(nvml);
      assertEquals(45, value(gpus.getFirst(), Metric.CORE_CELSIUS));
      assertEquals(
          Measured.missing("the GPU is lost: it fell off the bus or cannot be reached"),
          gpus.getLast().measured(Metric.CORE_CELSIUS));

      fake.set("lost.0", 1);
      read(nvml);
      fake.set("lost.0", 0).set("lost.1", 0);
      assertEquals(2, eventually(nvml).size());
      assertEquals(2, nvml.generation(), "begun anew after all were lost");
    }
  }

  @Test
  void countsXidsOverTheLivesOfItsProcess() throws Exception {
    FakeNvml fake = FakeNvml.in(folder);
    try (Nvml nvml = nvml(fake)) {
      DeviceReading quiet = read(nvml).getFirst();
      assertEquals(0, value(quiet, Metric.XID_COUNT));
      assertFalse(quiet.values().containsKey(Metric.XID_LAST_NUMBER));

      fake.set("xid", 63);
      read(nvml);
      fake.set("xid", 79).set("hang", 1);
      silence(nvml);
      fake.set("hang", 0);
      DeviceReading gpu = eventually(nvml).getFirst();
      assertEquals(2, value(gpu, Metric.XID_COUNT));
      assertEquals(79, value(gpu, Metric.XID_LAST_NUMBER));
    }
  }

  @Test
  void tellsGpusWhatToDoAndWhyTheyRefuse() throws Exception {
    FakeNvml fake = FakeNvml.in(folder);
    try (Nvml nvml = nvml(fake)) {
      assertEquals(
          new Outcome.Done<>(new GpuControl.PowerLimits(300_000, 150_000, 300_000, 300_000)),
          nvml.powerLimits(FIRST));
      assertInstanceOf(Outcome.Done.class, nvml.setPowerLimit(FIRST, 200_000));
      assertEquals(200, value(read(nvml).getFirst(), Metric.POWER_LIMIT_WATTS), 1e-6);
      assertEquals(
          new Outcome.Done<>(List.of(1530, 1380, 1290, 1140, 960, 600, 300, 135)),
          nvml.supportedSmMegahertz(FIRST));
      assertInstanceOf(Outcome.Done.class, nvml.lockSmClocks(FIRST, 135, 1140));
      assertEquals(new Outcome.Done<>(1140), nvml.smMegahertz(FIRST));
      assertInstanceOf(Outcome.Done.class, nvml.resetSmClocks(FIRST));
      assertEquals(new Outcome.Done<>(1530), nvml.smMegahertz(FIRST));
      assertEquals(List.of("limit 0 200000 0", "lock 0 135 1140", "reset 0 0 0"), fake.log());

      fake.without("nvmlDeviceSetPowerManagementLimit").rootFor("nvmlDeviceSetGpuLockedClocks");
      assertEquals(
          new Outcome.Refused<>(3, "this GPU cannot do or tell it"),
          nvml.setPowerLimit(FIRST, 200_000));
      assertEquals(new Outcome.Refused<>(4, "root is needed"), nvml.lockSmClocks(FIRST, 135, 1140));
      assertEquals(
          new Outcome.Refused<>(6, "NVML finds no such GPU"), nvml.resetSmClocks("GPU-other"));

      fake.set("hang", 1);
      assertInstanceOf(Outcome.Unanswered.class, nvml.resetSmClocks(FIRST));
    }
  }

  /** As in the air gap, where no program may be started. */
  @Test
  void startsNoOtherThreadWhileOneHangs() throws Exception {
    FakeNvml fake = FakeNvml.in(folder);
    try (Nvml nvml = new Nvml(fake.library().toString(), PACE, NvmlThread::start, () -> true)) {
      read(nvml);
      fake.set("hang", 1);
      assertTrue(silence(nvml).startsWith("NVML has not answered for 3 s"));
      while (!silence(nvml).equals("NVML hangs and cannot be ended: restart the machine")) {
        Thread.onSpinWait(); // until the pause is over
      }

      fake.set("hang", 0);
      assertEquals(45, value(eventually(nvml).getFirst(), Metric.CORE_CELSIUS));
    }
  }

  @Test
  void looksForNoLibraryWhereThereIsNoGpu() throws Exception {
    Path vendor = folder.resolve("sys/bus/pci/devices/0000:00:02.0/vendor");
    Files.createDirectories(vendor.getParent());
    Files.writeString(vendor, "0x8086\n");
    try (Nvml nvml = Nvml.of(new FolderBox(folder), Nvml.LIBRARY)) {
      assertEquals("there is no NVIDIA GPU", silence(nvml));
      assertEquals(new Outcome.Unanswered<>("there is no NVIDIA GPU"), nvml.resetSmClocks(FIRST));
    }
  }

  @Test
  void saysWhyThereIsNoNvml() throws Exception {
    try (Nvml nvml = new Nvml("libsuch-is-not-there.so.1", PACE)) {
      assertEquals(
          "there is no libsuch-is-not-there.so.1: no NVIDIA driver is installed", silence(nvml));
    }
    FakeNvml fake = FakeNvml.in(folder).set("init", 18);
    try (Nvml nvml = nvml(fake)) {
      assertTrue(silence(nvml).contains("differ in version"));
    }
  }
}
