package io.solebox.hardware.nvml;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.DeviceReading.Kind;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Reads one GPU, all of it. Layouts and numbers are those of nvml.h, API 13. */
final class GpuReader {
  private static final int MEMORY_V2 = 0x02000028;
  private static final double MILLI = 1e-3;

  private static final Map<Integer, Metric> THRESHOLDS =
      Map.of(
          0, Metric.SHUTDOWN_CELSIUS,
          1, Metric.SLOWDOWN_CELSIUS,
          2, Metric.MEMORY_MAX_CELSIUS,
          3, Metric.CORE_MAX_CELSIUS);

  private final Asker asker;
  private final FieldValues fields;
  private final MemorySegment device;
  private final Map<Metric, Measured> values = new EnumMap<>(Metric.class);

  private GpuReader(Asker asker, FieldValues fields, MemorySegment device) {
    this.asker = asker;
    this.fields = fields;
    this.device = device;
  }

  /** What it says now, each value or why there is none. */
  static DeviceReading read(Asker asker, FieldValues fields, GpuHandle gpu) {
    Map<Metric, Measured> values =
        gpu.device()
            .map(device -> new GpuReader(asker, fields, device).read())
            .orElseGet(() -> Map.of(Metric.CORE_CELSIUS, Measured.missing(gpu.why())));
    return new DeviceReading(Kind.GPU, gpu.id(), gpu.name(), gpu.address(), values);
  }

  private Map<Metric, Measured> read() {
    temperatures();
    power();
    clocks();
    fans();
    usage();
    memory();
    errors();
    rows();
    link();
    return values;
  }

  private void put(Metric metric, Outcome<? extends Number> outcome, double scale) {
    values.put(
        metric,
        outcome instanceof Outcome.Done<? extends Number>(Number value)
            ? Measured.now(value.doubleValue() * scale)
            : Measured.missing(outcome.why()));
  }

  private void u32(Metric metric, String function, Object... further) {
    put(metric, asker.u32(function, arguments(further)), 1);
  }

  private Object[] arguments(Object... further) {
    Object[] all = new Object[further.length + 1];
    all[0] = device;
    System.arraycopy(further, 0, all, 1, further.length);
    return all;
  }

  private void temperatures() {
    u32(Metric.CORE_CELSIUS, "nvmlDeviceGetTemperature", 0);
    put(Metric.MEMORY_CELSIUS, fields.read(device, FieldValues.MEMORY_TEMPERATURE), 1);
    THRESHOLDS.forEach(
        (type, metric) -> u32(metric, "nvmlDeviceGetTemperatureThreshold", (int) type));
  }

  /** GA100 does not support field 185, and cards before Ampere have neither field. */
  private void power() {
    Outcome<? extends Number> drawn = fields.read(device, FieldValues.POWER_INSTANT);
    if (drawn instanceof Outcome.Refused<?>) {
      drawn = fields.read(device, FieldValues.POWER_AVERAGE);
    }
    if (drawn instanceof Outcome.Refused<?>) {
      drawn = asker.u32("nvmlDeviceGetPowerUsage", device);
    }
    put(Metric.POWER_WATTS, drawn, MILLI);
    put(Metric.ENERGY_JOULES, asker.u64("nvmlDeviceGetTotalEnergyConsumption", device), MILLI);
    powerLimits();
  }

  private void powerLimits() {
    put(Metric.POWER_LIMIT_WATTS, asker.u32("nvmlDeviceGetPowerManagementLimit", device), MILLI);
    put(
        Metric.POWER_LIMIT_DEFAULT_WATTS,
        asker.u32("nvmlDeviceGetPowerManagementDefaultLimit", device),
        MILLI);
    Outcome<List<Long>> bounds =
        asker.u32s("nvmlDeviceGetPowerManagementLimitConstraints", 2, device);
    put(Metric.POWER_LIMIT_MIN_WATTS, bounds.map(List::getFirst), MILLI);
    put(Metric.POWER_LIMIT_MAX_WATTS, bounds.map(List::getLast), MILLI);
  }

  private void clocks() {
    u32(Metric.SM_MEGAHERTZ, "nvmlDeviceGetClockInfo", 1);
    u32(Metric.SM_MAX_MEGAHERTZ, "nvmlDeviceGetMaxClockInfo", 1);
    u32(Metric.MEMORY_MEGAHERTZ, "nvmlDeviceGetClockInfo", 2);
    Outcome<Long> reasons = asker.u64("nvmlDeviceGetCurrentClocksEventReasons", device);
    if (reasons instanceof Outcome.Refused<Long>(int code, String _)
        && code == NvmlCode.FUNCTION_NOT_FOUND) {
      reasons = asker.u64("nvmlDeviceGetCurrentClocksThrottleReasons", device);
    }
    put(Metric.EVENT_REASONS_MASK, reasons, 1);
  }

  /** The fan that is asked for most; nothing at all of cards without any. */
  private void fans() {
    if (asker.u32("nvmlDeviceGetNumFans", device) instanceof Outcome.Done<Long>(Long count)) {
      for (int fan = 0; fan < count; fan++) {
        Outcome<Long> duty = asker.u32("nvmlDeviceGetFanSpeed_v2", device, fan);
        boolean less =
            duty instanceof Outcome.Done<Long>(Long percent)
                && values.get(Metric.FAN_PERCENT) instanceof Measured.Value(double most, long _)
                && percent < most;
        if (!less) {
          put(Metric.FAN_PERCENT, duty, 1);
        }
      }
    }
  }

  private void usage() {
    Outcome<List<Long>> rates =
        asker.written(
            "nvmlDeviceGetUtilizationRates",
            out -> List.of((long) out.get(JAVA_INT, 0), (long) out.get(JAVA_INT, 4)),
            device);
    put(Metric.BUSY_PERCENT, rates.map(List::getFirst), 1);
    put(Metric.MEMORY_BUSY_PERCENT, rates.map(List::getLast), 1);
  }

  /** What the first version calls used is what programs use and what the driver keeps. */
  private void memory() {
    Outcome<List<Long>> memory =
        asker.versioned(
            "nvmlDeviceGetMemoryInfo_v2", MEMORY_V2, out -> longs(out, 8, 32, 16), device);
    if (memory instanceof Outcome.Refused<?>) {
      memory = asker.written("nvmlDeviceGetMemoryInfo", out -> longs(out, 0, 16), device);
    }
    put(Metric.MEMORY_TOTAL_BYTES, memory.map(List::getFirst), 1);
    put(Metric.MEMORY_USED_BYTES, memory.map(all -> all.get(1)), 1);
    if (memory instanceof Outcome.Done<List<Long>>(List<Long> all) && all.size() > 2) {
      put(Metric.MEMORY_RESERVED_BYTES, memory.map(List::getLast), 1);
    }
  }

  private static List<Long> longs(MemorySegment out, long... offsets) {
    return Arrays.stream(offsets).mapToObj(at -> out.get(JAVA_LONG, at)).toList();
  }

  private void errors() {
    ecc(Metric.ECC_CORRECTED_COUNT, 0, 0);
    ecc(Metric.ECC_UNCORRECTED_COUNT, 1, 0);
    ecc(Metric.ECC_CORRECTED_LIFETIME_COUNT, 0, 1);
    ecc(Metric.ECC_UNCORRECTED_LIFETIME_COUNT, 1, 1);
  }

  private void ecc(Metric metric, int uncorrected, int lifetime) {
    put(metric, asker.u64("nvmlDeviceGetTotalEccErrors", device, uncorrected, lifetime), 1);
  }

  /** Ampere and later remap rows; those before retire pages. */
  private void rows() {
    Outcome<List<Long>> rows = asker.u32s("nvmlDeviceGetRemappedRows", 4, device);
    boolean retires =
        rows instanceof Outcome.Refused<?>(int code, String _)
            && (code == NvmlCode.NOT_SUPPORTED || code == NvmlCode.FUNCTION_NOT_FOUND);
    if (retires) {
      put(Metric.RETIRED_SINGLE_BIT_PAGES, retired(0), 1);
      put(Metric.RETIRED_DOUBLE_BIT_PAGES, retired(1), 1);
      u32(Metric.RETIRE_PENDING_FLAG, "nvmlDeviceGetRetiredPagesPendingStatus");
    } else {
      put(Metric.REMAPPED_CORRECTABLE_ROWS, rows.map(List::getFirst), 1);
      put(Metric.REMAPPED_UNCORRECTABLE_ROWS, rows.map(all -> all.get(1)), 1);
      put(Metric.REMAP_PENDING_FLAG, rows.map(all -> all.get(2)), 1);
      put(Metric.REMAP_FAILED_FLAG, rows.map(all -> all.get(3)), 1);
    }
  }

  private Outcome<Long> retired(int cause) {
    return asker.count("nvmlDeviceGetRetiredPages", device, cause);
  }

  private void link() {
    u32(Metric.PCIE_GENERATION, "nvmlDeviceGetCurrPcieLinkGeneration");
    u32(Metric.PCIE_MAX_GENERATION, "nvmlDeviceGetMaxPcieLinkGeneration");
    u32(Metric.PCIE_LANES, "nvmlDeviceGetCurrPcieLinkWidth");
    u32(Metric.PCIE_MAX_LANES, "nvmlDeviceGetMaxPcieLinkWidth");
    u32(Metric.PCIE_REPLAYS_COUNT, "nvmlDeviceGetPcieReplayCounter");
  }
}
