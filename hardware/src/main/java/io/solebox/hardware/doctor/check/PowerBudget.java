package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.doctor.facts.Gpu;
import io.solebox.hardware.doctor.facts.PowerDraw;
import io.solebox.hardware.doctor.facts.PowerSupply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the power supply can feed all GPUs at their worst. */
final class PowerBudget implements Check {
  private static final List<String> BRAKES =
      List.of(
          "Clocks Event Reasons/HW Power Brake Slowdown",
          "Clocks Throttle Reasons/HW Power Brake Slowdown");

  @Override
  public String id() {
    return "power.budget";
  }

  @Override
  public String title() {
    return "the power supply feeds all GPUs at their worst";
  }

  @Override
  public List<String> reads() {
    return List.of(
        "hardware.properties",
        "etc/solebox/hardware.properties",
        "psu.txt",
        "dmidecode*.txt",
        "nvidia-smi*.txt",
        "lspci*.txt");
  }

  @Override
  public String rule() {
    return "A failure where what all GPUs draw at worst, their limits or their models' figures, is"
        + " more than four fifths (psu.share) of what the power supply gives (psu.watts, or what the"
        + " firmware says); a warning where a board asks for"
        + " less by its power brake. 4 cards without a limit of up to 600 W are 2400 W.";
  }

  @Override
  public String remedy() {
    return "Limit each card to its share (nvidia-smi -pl, or locked clocks where it takes no limit:"
        + " solebox power plan), or fit a larger power supply.";
  }

  @Override
  public List<Finding> examine(Facts facts) {
    List<Gpu> gpus = Nvidia.gpus(facts);
    if (gpus.isEmpty()) {
      return List.of(Nvidia.none(id(), facts));
    }
    List<Finding> braked = gpus.stream().flatMap(gpu -> braked(gpu).stream()).toList();
    if (!braked.isEmpty()) {
      return braked;
    }
    List<PowerDraw> draws = gpus.stream().map(gpu -> PowerDraw.of(facts.box(), gpu)).toList();
    Optional<PowerSupply> supply = PowerSupply.of(facts.box());
    boolean known = draws.stream().allMatch(draw -> draw.worstWatts().isPresent());
    if (!known) {
      return List.of(Unread.of(id(), "What each GPU draws at worst", new Reading.Absent()));
    }
    double worst = draws.stream().mapToDouble(draw -> draw.worstWatts().getAsDouble()).sum();
    return List.of(
        supply
            .map(psu -> judged(gpus.size(), worst, psu, draws))
            .orElseGet(
                () ->
                    Finding.calm(
                        id(),
                        Verdict.NOT_READ,
                        ("The GPUs draw %.0f W at worst; what the power supply gives is not known:"
                                + " psu.watts in hardware.properties says it.")
                            .formatted(worst),
                        List.of())));
  }

  private Finding judged(int gpus, double worst, PowerSupply psu, List<PowerDraw> draws) {
    String numbers =
        "%d GPU%s draw %.0f W at worst; the power supply gives %.0f W, of which %.0f W should be drawn for long."
            .formatted(gpus, gpus == 1 ? "" : "s", worst, psu.watts(), psu.watts() * psu.share());
    List<Evidence> evidence = new ArrayList<>(List.of(psu.evidence()));
    draws.forEach(draw -> evidence.addAll(draw.evidence()));
    return worst <= psu.watts() * psu.share()
        ? Finding.calm(id(), Verdict.OK, numbers, evidence)
        : Finding.problem(
            id(), Verdict.FAIL, numbers, evidence, remedy(), "nvidia-smi -q -d POWER");
  }

  private Optional<Finding> braked(Gpu gpu) {
    return gpu.smi()
        .flatMap(
            smi ->
                BRAKES.stream()
                    .flatMap(path -> smi.value(path).stream())
                    .filter(known -> known.value().equals("Active"))
                    .findFirst())
        .map(
            known ->
                Finding.problem(
                        id(),
                        Verdict.WARN,
                        gpu.name()
                            + " at "
                            + gpu.device()
                            + " is held down by its power brake: the board or the power supply asks"
                            + " for less.",
                        List.of(known.evidence()),
                        remedy(),
                        "nvidia-smi -q -d PERFORMANCE")
                    .of(gpu.device()));
  }
}
