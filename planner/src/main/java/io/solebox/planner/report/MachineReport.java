package io.solebox.planner.report;

import io.solebox.hardware.table.Part;
import io.solebox.planner.figure.Range;
import io.solebox.planner.heat.Heat;
import io.solebox.planner.heat.HeatPlan;
import io.solebox.planner.machine.BarFit;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.money.Energy;
import io.solebox.planner.money.Payback;
import io.solebox.planner.report.Section.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What there is to say of a machine, whatever the model.
 *
 * @param bars empty where the host or the cards are not known
 * @param energy empty where it is not known how fast it is
 * @param payback empty where that or its cost is not known
 */
public record MachineReport(
    MachineQuestion question,
    List<BarFit> bars,
    HeatPlan heat,
    Optional<Energy> energy,
    Optional<Payback> payback) {
  public MachineReport {
    bars = List.copyOf(bars);
  }

  /** Reckons. */
  public static MachineReport of(MachineQuestion question) {
    MachineProfile machine = question.machine();
    HeatPlan heat = HeatPlan.of(machine, question.air());
    Optional<Energy> energy =
        question
            .tokens()
            .filter(tokens -> tokens.low() > 0 && draws(machine))
            .map(tokens -> Energy.of(heat, tokens, question.duty(), question.prices()));
    Optional<Payback> payback =
        energy.flatMap(
            known ->
                question
                    .cost()
                    .total()
                    .map(
                        capital ->
                            Payback.of(
                                capital,
                                question.tokens().orElseThrow(),
                                known.mean(),
                                question.duty(),
                                question.prices())));
    return new MachineReport(question, bars(machine), heat, energy, payback);
  }

  /** Whether it is known of any device what it draws; else all figures of watts would say 0. */
  private static boolean draws(MachineProfile machine) {
    return Stream.concat(Stream.of(machine.processor()), machine.cards().stream())
        .anyMatch(device -> device.draw().isPresent());
  }

  private static List<BarFit> bars(MachineProfile machine) {
    List<Part> parts = machine.cards().stream().flatMap(card -> card.part().stream()).toList();
    return machine.host().map(host -> BarFit.all(host, parts)).orElse(List.of());
  }

  /** For people, in the order in which they ask; none that has nothing to say. */
  public List<Section> sections() {
    return Stream.of(machine(), heatSection(), money())
        .filter(section -> !section.isEmpty())
        .toList();
  }

  private Section machine() {
    List<String> sentences = new ArrayList<>(question.machine().notes());
    bars.stream().map(BarFit::says).forEach(sentences::add);
    return new Section("Machine", List.of(), sentences);
  }

  private Section heatSection() {
    List<Line> lines = new ArrayList<>();
    for (Heat each : draws() ? heat.loads() : List.<Heat>of()) {
      String at = " at " + each.load().wireName();
      lines.add(Line.of("direct current" + at, each.direct()));
      lines.add(Line.of("at the wall" + at, each.wall()));
      lines.add(Line.of("heat" + at, each.btu()));
      lines.add(Line.of("air" + at, each.air()));
      lines.add(Line.of("the same" + at, each.cfm()));
      each.core().ifPresent(core -> lines.add(Line.of("core" + at, core)));
      each.memory().ifPresent(memory -> lines.add(Line.of("its memory" + at, memory)));
      lines.add(new Line("noise" + at, each.noise().words(), "by the air, a rule of thumb"));
    }
    List<String> sentences = new ArrayList<>(heat.warnings());
    sentences.addAll(heat.unknown());
    return new Section("Power and heat", lines, sentences);
  }

  private Section money() {
    List<Line> lines = new ArrayList<>();
    question
        .cost()
        .items()
        .forEach(
            item ->
                lines.add(
                    Line.of(
                        (item.count() > 1 ? item.count() + " x " : "") + item.name(),
                        item.price())));
    List<String> sentences = new ArrayList<>();
    if (!question.cost().unpriced().isEmpty()) {
      sentences.add(
          "No price is known of "
              + String.join(", ", question.cost().unpriced())
              + ": none of it is in these figures.");
    }
    energy.ifPresent(
        known -> {
          lines.add(Line.of("energy", known.perToken()));
          lines.add(Line.of("current for tokens", known.perMillion()));
          lines.add(Line.of("tokens elsewhere", question.prices().tokens()));
        });
    payback.ifPresent(known -> payback(known, lines, sentences));
    return new Section("Money", lines, sentences);
  }

  private static void payback(Payback payback, List<Line> lines, List<String> sentences) {
    switch (payback) {
      case Payback.After(Range hours) -> lines.add(Line.of("paid for itself after", hours));
      case Payback.Perhaps(double best, String reason) ->
          sentences.add(
              "At best it has paid for itself after %,.0f hours, at worst never. %s"
                  .formatted(best, reason));
      case Payback.Never(String reason) -> sentences.add("It never pays for itself. " + reason);
    }
  }

  boolean draws() {
    return draws(question.machine());
  }

  /** For programs. */
  public Map<String, Object> fields() {
    return ReportFields.of(this);
  }

  /** What does not go, in sentences: BARs without room, supplies that are too small, heat. */
  public List<String> refusals() {
    return Stream.concat(
            bars.stream().collect(Collectors.groupingBy(BarFit::card)).values().stream()
                .filter(sizes -> sizes.stream().allMatch(each -> each.limit().isPresent()))
                .map(sizes -> sizes.getFirst().says()),
            heat.warnings().stream())
        .toList();
  }
}
