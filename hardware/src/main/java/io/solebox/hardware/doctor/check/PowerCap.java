package io.solebox.hardware.doctor.check;

import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.HeldClock;
import io.solebox.hardware.doctor.facts.PowerDraw;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Whether something holds each GPU to a power. */
final class PowerCap implements Check {
  /** Soldered into machines that were made around it. */
  private static final Pattern PORTABLE =
      Pattern.compile("(?i)\\b(?:laptop|mobile|max-q|GB10|orin|thor|tegra)\\b");

  @Override
  public String id() {
    return "power.cap";
  }

  @Override
  public String title() {
    return "the GPU's power can be limited";
  }

  @Override
  public List<String> reads() {
    return List.of("nvidia-smi*.txt", "lspci*.txt");
  }

  @Override
  public String rule() {
    return "A failure where a GPU that draws much takes no power limit (its driver says N/A or"
        + " \"not supported\", or it is a model known for it, as PG199): nothing but locked"
        + " clocks holds it then. No program tells whether they are locked: a card that works at a"
        + " clock below its highest, held down by neither heat nor power, is one whose clocks are.";
  }

  @Override
  public String remedy() {
    return "Lock its clocks before any load, read them back, and again after each start and reload"
        + " of the driver: solebox power plan, solebox power apply.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Gpu> gpus = Nvidia.gpus(facts);
    if (gpus.isEmpty()) {
      return List.of(Nvidia.none(id(), facts));
    }
    List<Finding> findings = new ArrayList<>();
    for (Gpu gpu : gpus) {
      findings.add(of(facts, gpu, PowerDraw.of(facts.box(), gpu)).of(gpu.device()));
    }
    return findings;
  }

  private Finding of(Facts facts, Gpu gpu, PowerDraw power) {
    String name = gpu.name() + " at " + gpu.device();
    return switch (power.cap()) {
      case CAPPED ->
          Finding.calm(
              id(),
              Verdict.OK,
              "%s is held to %.0f W.".formatted(name, power.limitWatts().orElseThrow()),
              power.evidence());
      case UNCAPPED ->
          PORTABLE.matcher(gpu.pci().name()).find()
              ? Finding.calm(
                  id(),
                  Verdict.INFO,
                  name + " takes no power limit: the firmware of its machine holds it.",
                  power.evidence())
              : gpu.smi()
                  .flatMap(HeldClock::of)
                  .map(held -> locked(name, power, held))
                  .orElseGet(() -> uncapped(name, power));
      case UNKNOWN ->
          Unread.of(id(), "What nvidia-smi -q says of power", facts.box().read("nvidia-smi-q.txt"));
    };
  }

  private Finding locked(String name, PowerDraw power, HeldClock held) {
    List<Evidence> evidence = new ArrayList<>(power.evidence());
    evidence.addAll(held.evidence());
    return Finding.calm(
        id(),
        Verdict.INFO,
        "%s takes no power limit; it works at %.0f of %.0f MHz, held down by neither heat nor power, so that its clocks are locked. They must be again after each start and reload of the driver."
            .formatted(name, held.megahertz(), held.most()),
        evidence);
  }

  private Finding uncapped(String name, PowerDraw power) {
    List<Evidence> evidence = power.evidence();
    String worst =
        power.worstWatts().isPresent()
            ? " It may draw %.0f W.".formatted(power.worstWatts().getAsDouble())
            : "";
    return Finding.problem(
        id(),
        power.isSmall() ? Verdict.WARN : Verdict.FAIL,
        name
            + " takes no power limit (not supported by its driver), and nothing here shows that its"
            + " clocks are locked: put no load on it before they are."
            + worst,
        evidence,
        remedy(),
        "nvidia-smi -q -d POWER,CLOCK");
  }
}
