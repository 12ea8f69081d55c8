package io.solebox.scout.judge;

import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.table.Part;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.MachineWish;
import io.solebox.planner.machine.Machines;
import io.solebox.planner.memory.DeviceMemory;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.memory.Sizings;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.model.Shapes;
import io.solebox.planner.plan.ModelQuestion;
import io.solebox.planner.plan.ModelReport;
import io.solebox.planner.report.MachineQuestion;
import io.solebox.planner.report.MachineReport;
import io.solebox.planner.speed.Paces;
import io.solebox.planner.speed.SpeedPlan;
import io.solebox.scout.item.Money;
import io.solebox.scout.judge.Judgement.Outlook;
import io.solebox.store.quantize.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the planner says of one card in one box: what {@code solebox plan 13b --quant Q4_K_M} says
 * of it. Each card is planned once. Safe for many threads.
 */
public final class PlannedOutlooks implements Outlooks {
  private static final String SHAPE = "13b";
  private static final Mix QUANTIZATION = Mix.Q4_K_M;
  private static final String MODEL = "13B " + QUANTIZATION;
  private static final int PROMPT = 512;

  /** What holds whatever a card costs. */
  private record Planned(List<Outlook> outlooks, Optional<Range> rate) {}

  private final Machines machines = new Machines();
  private final Map<String, Planned> planned = new ConcurrentHashMap<>();
  private final MachineWish box;
  private final boolean isOwn;
  private final Sizings sizings;
  private final PlannedModel model;

  private PlannedOutlooks(MachineWish box, boolean isOwn, Sizings sizings) {
    this.box = box;
    this.isOwn = isOwn;
    this.sizings = sizings;
    this.model =
        PlannedModel.of(Shapes.named(SHAPE).orElseThrow()).in(new MixFormats(QUANTIZATION));
    machines.machine(box); // names that nobody knows are said at the start
  }

  /**
   * In the box of whoever buys.
   *
   * @param box whose cards do not matter
   * @throws SoleboxException {@code INVALID_PARAMETER} for names that are not known, with the
   *     nearest ones
   */
  public static PlannedOutlooks in(MachineWish box, Sizings sizings) {
    return new PlannedOutlooks(box, true, sizings);
  }

  /** In a PC, as nobody has said what box it is for. */
  public static PlannedOutlooks anywhere(Sizings sizings) {
    return new PlannedOutlooks(MachineWish.of("PC", List.of()), false, sizings);
  }

  @Override
  public List<Outlook> of(Part card, Money perUnit) {
    Planned known = planned.computeIfAbsent(card.key(), _ -> plan(card));
    List<Outlook> all = new ArrayList<>(known.outlooks());
    known.rate().filter(rate -> rate.low() > 0).ifPresent(rate -> all.add(perRate(perUnit, rate)));
    return all;
  }

  private static Outlook perRate(Money perUnit, Range rate) {
    double price = perUnit.amount().doubleValue();
    String least = number(price / rate.high());
    String most = number(price / rate.low());
    return new Outlook(
        "price_per_token_rate_13b",
        perUnit.currency() + " per tok/s",
        (least.equals(most) ? most : least + " to " + most) + " " + perUnit.currency(),
        "%s over %s of %s".formatted(perUnit, rate.text(), MODEL));
  }

  private static String number(double value) {
    return String.format(
        Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
  }

  private Planned plan(Part card) {
    MachineProfile machine =
        machines.machine(
            new MachineWish(
                box.host(),
                box.slot(),
                List.of(card.key()),
                box.supply(),
                box.cooling(),
                box.memoryGib(),
                box.diskGigabytes()));
    DeviceProfile device = machine.cards().getFirst();
    List<Outlook> all = new ArrayList<>();
    Optional<Range> rate =
        device.refusal().isPresent() ? refused(device, all) : model(machine, all);
    device
        .draw()
        .ifPresent(
            draw -> all.add(outlook("watts_decode", "draws while it answers", draw.decode())));
    if (isOwn) {
      all.add(box(machine));
    }
    return new Planned(List.copyOf(all), rate);
  }

  private static Outlook outlook(String name, String label, Range figure) {
    return new Outlook(name, label, figure.text(), figure.reason());
  }

  private static Optional<Range> refused(DeviceProfile device, List<Outlook> all) {
    all.add(
        new Outlook(
            "tokens_per_second_13b", MODEL, "does not run", device.refusal().orElseThrow()));
    return Optional.empty();
  }

  private Optional<Range> model(MachineProfile machine, List<Outlook> all) {
    ModelReport report;
    try {
      report = report(machine);
    } catch (SoleboxException e) {
      all.add(new Outlook("tokens_per_second_13b", MODEL, "not known", e.getMessage()));
      return Optional.empty();
    }
    DeviceMemory memory = report.memory().devices().getFirst();
    all.add(
        new Outlook(
            "memory_13b",
            "memory for " + MODEL,
            "%s of %s: %s"
                .formatted(
                    Range.exactly(memory.need().total(), Unit.BYTES, "").text(),
                    memory.free().text(),
                    room(memory.room())),
            "weights, work and a context of %d tokens, of what the driver leaves of %s (%s)"
                .formatted(report.contextTokens(), memory.has().text(), memory.has().reason())));
    Optional<SpeedPlan> speed = report.fits() ? report.expected() : Optional.empty();
    speed.ifPresent(
        plan ->
            all.add(
                new Outlook(
                    "tokens_per_second_13b",
                    MODEL,
                    plan.single().text(),
                    "%s; all of the bandwidth would give %s"
                        .formatted(plan.single().reason(), plan.limit().text()))));
    return speed.map(SpeedPlan::single);
  }

  private ModelReport report(MachineProfile machine) {
    return ModelReport.of(
        new ModelQuestion(
            model,
            new MemoryPlan.Devices(machine, sizings, false),
            LoadOptions.defaults(),
            PROMPT,
            OptionalDouble.empty(),
            Paces.OF_PROFILES,
            Map.of()));
  }

  private static String room(DeviceMemory.Room room) {
    return switch (room) {
      case FITS -> "fits";
      case FITS_WITH_LESS_CACHE -> "fits with less of a cache";
      case MAY_FIT -> "may fit";
      case NO -> "does not fit";
    };
  }

  /** What is in the way of it, and what else there is to know. */
  private static Outlook box(MachineProfile machine) {
    List<String> refusals = MachineReport.of(MachineQuestion.of(machine)).refusals();
    List<String> reasons = new ArrayList<>(refusals);
    reasons.addAll(machine.notes());
    String host = machine.name();
    return new Outlook(
        "fits_box",
        "in your box",
        refusals.isEmpty() ? "nothing known is in its way" : "not without more",
        reasons.isEmpty() ? host : host + ": " + String.join(" ", reasons));
  }
}
