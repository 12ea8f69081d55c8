package io.solebox.app.bench;

import io.solebox.app.bench.report.Machine;
import io.solebox.app.bench.report.Recorder;
import io.solebox.app.console.Units;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.Reading;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Measured;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;

/** What a machine says of itself, from the kernel's files and its cards. No tool is started. */
final class MachineFacts {
  private static final String NOT_TOLD = "not told";
  private static final Pattern MODEL_NAME = Pattern.compile("(?m)^model name\\s*:\\s*(.+)$");
  private static final Pattern ARM_PART = Pattern.compile("(?m)^CPU part\\s*:\\s*(\\S+)$");
  private static final Pattern TOTAL = Pattern.compile("(?m)^MemTotal:\\s*(\\d{1,15}) kB$");
  private static final Pattern DRIVER = Pattern.compile("Kernel Module\\D*(\\d[\\d.]+)");

  private final Box box;
  private final List<Recorder.Taken> taken;

  /**
   * @param taken all that its sensors said during a run
   */
  MachineFacts(Box box, List<Recorder.Taken> taken) {
    this.box = box;
    this.taken = taken;
  }

  /**
   * @param device what computes
   */
  Machine of(String device) {
    String cpuinfo = text("proc/cpuinfo");
    String cpu =
        found(MODEL_NAME, cpuinfo)
            .or(() -> found(ARM_PART, cpuinfo).map(part -> "Arm, part " + part))
            .orElse(NOT_TOLD);
    long memory =
        found(TOTAL, text("proc/meminfo")).map(kilo -> Long.parseLong(kilo) * 1024).orElse(0L);
    return new Machine(
        product(),
        cpu,
        Runtime.getRuntime().availableProcessors(),
        memory,
        word("proc/sys/kernel/osrelease").orElse(NOT_TOLD),
        driver(),
        device,
        gpus());
  }

  private String text(String path) {
    return box.read(path).content().map(Reading.Content::text).orElse("");
  }

  private Optional<String> word(String path) {
    return box.read(path)
        .word()
        .map(text -> text.replace("\0", "").strip())
        .filter(text -> !text.isEmpty());
  }

  private static Optional<String> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.of(matcher.group(1).strip()) : Optional.empty();
  }

  private String product() {
    Optional<String> vendor = word("sys/class/dmi/id/sys_vendor");
    Optional<String> name = word("sys/class/dmi/id/product_name");
    return name.map(said -> vendor.map(by -> by + " " + said).orElse(said))
        .or(() -> word("proc/device-tree/model"))
        .orElse(NOT_TOLD);
  }

  private String driver() {
    String text = text("proc/driver/nvidia/version");
    return found(DRIVER, text)
        .map(version -> text.contains("Open Kernel Module") ? version + ", open" : version)
        .or(() -> word("sys/module/nvidia/version"))
        .orElse("none is loaded");
  }

  private List<Machine.Gpu> gpus() {
    Snapshot last = taken.getLast().snapshot();
    return last.gpus().stream().map(this::gpu).toList();
  }

  private Machine.Gpu gpu(DeviceReading card) {
    OptionalDouble memory = card.value(Metric.MEMORY_TOTAL_BYTES);
    return new Machine.Gpu(
        card.name(),
        card.address().orElse("no PCI address"),
        memory.isPresent()
            ? Units.bytes((long) memory.getAsDouble())
            : why(card, Metric.MEMORY_TOTAL_BYTES),
        link(card),
        card.value(Metric.POWER_LIMIT_WATTS).isPresent()
            ? "%d W".formatted(Math.round(card.value(Metric.POWER_LIMIT_WATTS).getAsDouble()))
            : why(card, Metric.POWER_LIMIT_WATTS));
  }

  /** At most during the run, since it falls when idle; with what had to be sent again. */
  private String link(DeviceReading card) {
    OptionalDouble generation = most(card, Metric.PCIE_GENERATION);
    OptionalDouble lanes = most(card, Metric.PCIE_LANES);
    if (generation.isEmpty() || lanes.isEmpty()) {
      return why(card, Metric.PCIE_GENERATION);
    }
    double again =
        most(card, Metric.PCIE_REPLAYS_COUNT).orElse(0)
            - values(card, Metric.PCIE_REPLAYS_COUNT).min().orElse(0);
    return "PCIe %.0f of %s, %.0f of %s lanes, %.0f packets sent again during the run"
        .formatted(
            generation.getAsDouble(),
            told(card, Metric.PCIE_MAX_GENERATION),
            lanes.getAsDouble(),
            told(card, Metric.PCIE_MAX_LANES),
            again);
  }

  private static String told(DeviceReading card, Metric metric) {
    return card.value(metric).isPresent()
        ? "%d".formatted(Math.round(card.value(metric).getAsDouble()))
        : "?";
  }

  private OptionalDouble most(DeviceReading card, Metric metric) {
    return values(card, metric).max();
  }

  private DoubleStream values(DeviceReading card, Metric metric) {
    return taken.stream()
        .flatMap(each -> each.snapshot().device(card.kind(), card.id()).stream())
        .flatMapToDouble(each -> each.value(metric).stream());
  }

  private static String why(DeviceReading card, Metric metric) {
    return switch (card.measured(metric)) {
      case Measured.Missing(var why) -> NOT_TOLD + ": " + why;
      case Measured.Value _ -> NOT_TOLD;
    };
  }
}
