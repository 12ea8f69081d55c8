package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.Known;
import io.solebox.hardware.doctor.facts.SmiGpu;
import io.solebox.hardware.doctor.facts.Temperature;
import io.solebox.hardware.table.GpuCard;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** How far each GPU is from the temperatures at which it slows down, and whether its fans turn. */
final class Thermal implements Check {
  private static final double FAIL_MARGIN = 5;
  private static final double WARN_MARGIN = 10;
  private static final String VERIFY = "nvidia-smi -q -d TEMPERATURE,PERFORMANCE";

  private static final String[] MEMORY_LIMIT = {
    "Temperature/Memory Max Operating Temp", "Temperature/Memory Slowdown Temp"
  };

  private static final String[] THROTTLED = {
    "Clocks Event Reasons/HW Thermal Slowdown",
    "Clocks Throttle Reasons/HW Thermal Slowdown",
    "Clocks Event Reasons/SW Thermal Slowdown",
    "Clocks Throttle Reasons/SW Thermal Slowdown"
  };

  @Override
  public String id() {
    return "thermal";
  }

  @Override
  public String title() {
    return "nothing is too hot, and fans turn";
  }

  @Override
  public List<String> reads() {
    return List.of("nvidia-smi*.txt", "sys/class/hwmon/*");
  }

  @Override
  public String rule() {
    return "A failure where a GPU's core or its memory is within 5 °C of its own limit, a warning"
        + " within 10 °C or where heat holds its clocks down. Limits are per card, as its"
        + " driver says them: the memory of a V100 may have 85 °C, that of an A100 or H100"
        + " 95 °C. A failure where a fan does not turn that is told to turn by more than a"
        + " fifth.";
  }

  @Override
  public String remedy() {
    return "More air, at the memory where that is hot; a lower power limit (nvidia-smi -pl) until"
        + " then.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Finding> findings = new ArrayList<>();
    for (Gpu gpu : Nvidia.gpus(facts)) {
      gpu.smi().ifPresent(smi -> findings.addAll(of(gpu, smi)));
    }
    for (Temperature each : Temperature.ofAmd(facts.box())) {
      judged(each, "A GPU's " + each.what()).ifPresent(findings::add);
    }
    findings.addAll(Fans.still(id(), facts.box()));
    if (findings.isEmpty()) {
      findings.add(
          Nvidia.gpus(facts).isEmpty()
              ? Nvidia.none(id(), facts)
              : Unread.of(
                  id(),
                  "What nvidia-smi -q says of temperatures",
                  facts.box().read("nvidia-smi-q.txt")));
    }
    return findings;
  }

  private List<Finding> of(Gpu gpu, SmiGpu smi) {
    List<Finding> findings = new ArrayList<>();
    List<Temperature> all = new ArrayList<>();
    core(smi).ifPresent(all::add);
    memory(gpu, smi).ifPresent(all::add);
    for (Temperature each : all) {
      judged(each, gpu.name() + " at " + gpu.device() + ": its " + each.what())
          .map(finding -> finding.of(gpu.device()))
          .ifPresent(findings::add);
    }
    if (findings.stream().noneMatch(each -> each.verdict().isProblem())) {
      throttled(gpu, smi).ifPresent(findings::add);
    }
    return findings;
  }

  private static Optional<Temperature> core(SmiGpu smi) {
    OptionalDouble now = smi.number("Temperature/GPU Current Temp");
    OptionalDouble limit =
        smi.number("Temperature/GPU Slowdown Temp", "Temperature/GPU Max Operating Temp");
    if (now.isPresent() && limit.isPresent()) {
      Evidence evidence = smi.value("Temperature/GPU Current Temp").orElseThrow().evidence();
      return Optional.of(Temperature.of("core", now.getAsDouble(), limit.getAsDouble(), evidence));
    }
    // From Hopper on the driver says how many degrees are left, and at how many it slows down.
    OptionalDouble left = smi.number("Temperature/GPU T.Limit Temp");
    OptionalDouble slow = smi.number("Temperature/GPU Slowdown T.Limit Temp");
    if (now.isEmpty() || left.isEmpty()) {
      return Optional.empty();
    }
    double margin = left.getAsDouble() - slow.orElse(0);
    Evidence evidence = smi.value("Temperature/GPU T.Limit Temp").orElseThrow().evidence();
    return Optional.of(
        Temperature.of("core", now.getAsDouble(), now.getAsDouble() + margin, evidence));
  }

  private static Optional<Temperature> memory(Gpu gpu, SmiGpu smi) {
    OptionalDouble now = smi.number("Temperature/Memory Current Temp");
    OptionalDouble said = smi.number(MEMORY_LIMIT);
    Optional<Double> limit =
        said.isPresent()
            ? Optional.of(said.getAsDouble())
            : gpu.card().flatMap(GpuCard::memoryMaxCelsius).map(Integer::doubleValue);
    if (now.isEmpty() || limit.isEmpty()) {
      return Optional.empty();
    }
    Evidence evidence = smi.value("Temperature/Memory Current Temp").orElseThrow().evidence();
    return Optional.of(
        Temperature.of("memory (HBM)", now.getAsDouble(), limit.get(), evidence)
            .beside(smi.number("Temperature/GPU Current Temp")));
  }

  private Optional<Finding> judged(Temperature heat, String whose) {
    String numbers =
        "%s is at %.0f °C, its own limit is %.0f °C: %s%s."
            .formatted(whose, heat.celsius(), heat.limit(), margin(heat), heat.aside());
    if (heat.margin() >= WARN_MARGIN) {
      return Optional.of(Finding.calm(id(), Verdict.OK, numbers, List.of(heat.evidence())));
    }
    boolean memory = heat.what().startsWith("memory");
    return Optional.of(
        Finding.problem(
            id(),
            heat.margin() < FAIL_MARGIN ? Verdict.FAIL : Verdict.WARN,
            numbers,
            List.of(heat.evidence()),
            (memory
                    ? "Direct air at the memory and its back, not at the core alone; renew its"
                        + " pads."
                    : "More air through the heat sink; clean it, renew its paste.")
                + " Lower the power limit until then (nvidia-smi -pl; a V100 takes 150 W at"
                + " least).",
            VERIFY));
  }

  private static String margin(Temperature heat) {
    return heat.margin() < 0
        ? "%.0f °C beyond it".formatted(-heat.margin())
        : "a margin of %.0f °C".formatted(heat.margin());
  }

  private Optional<Finding> throttled(Gpu gpu, SmiGpu smi) {
    for (String path : THROTTLED) {
      Optional<Known<String>> reason = smi.value(path).filter(it -> it.value().equals("Active"));
      if (reason.isPresent()) {
        return Optional.of(
            Finding.problem(
                    id(),
                    path.contains("/HW") ? Verdict.FAIL : Verdict.WARN,
                    gpu.name()
                        + " at "
                        + gpu.device()
                        + " runs slower because of heat ("
                        + path.substring(path.indexOf('/') + 1)
                        + ").",
                    List.of(reason.get().evidence()),
                    remedy(),
                    VERIFY)
                .of(gpu.device()));
      }
    }
    return Optional.empty();
  }
}
