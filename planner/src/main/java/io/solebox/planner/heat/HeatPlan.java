package io.solebox.planner.heat;

import io.solebox.hardware.table.Figure;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.Load;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.Supply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a machine draws and how warm it gets.
 *
 * @param loads one for each kind of work, in their order
 * @param warnings what does not go, in sentences
 * @param unknown what is not in the figures, in sentences
 */
public record HeatPlan(List<Heat> loads, List<String> warnings, List<String> unknown) {
  /** Of its rating a supply is not to give more for long. */
  private static final double SHARE = 0.8;

  public HeatPlan {
    loads = List.copyOf(loads);
    warnings = List.copyOf(warnings);
    unknown = List.copyOf(unknown);
  }

  /** Of a machine in this air. */
  public static HeatPlan of(MachineProfile machine, Air air) {
    List<Heat> loads = Stream.of(Load.values()).map(load -> Heat.of(machine, load, air)).toList();
    List<String> warnings = new ArrayList<>();
    Heat most = loads.getLast();
    machine.supply().flatMap(each -> budget(each, most.direct())).ifPresent(warnings::add);
    loads.stream()
        .filter(each -> each.load() != Load.IDLE)
        .forEach(each -> temperatures(machine, each, warnings));
    return new HeatPlan(loads, warnings, unknown(machine));
  }

  /** Of making tokens. */
  public Heat decode() {
    return loads.get(Load.DECODE.ordinal());
  }

  /** Of the supply; empty where it is enough. */
  private static Optional<String> budget(Supply supply, Range direct) {
    double good = SHARE * supply.watts();
    if (direct.high() <= good) {
      return Optional.empty();
    }
    return Optional.of(
        "A supply of %.0f W is good for %.0f W for long (80 %%); %s."
            .formatted(
                supply.watts(),
                good,
                direct.low() > supply.watts()
                    ? "the machine needs %s, more than it has".formatted(direct.text())
                    : "at worst the machine draws %.0f W: hold the cards down, or take a larger one"
                        .formatted(direct.high())));
  }

  private static void temperatures(MachineProfile machine, Heat heat, List<String> warnings) {
    heat.core()
        .flatMap(core -> over("The core", core, limit(machine, Quantity.CORE_MAX_C), heat))
        .ifPresent(warnings::add);
    heat.memory()
        .flatMap(memory -> over("The memory", memory, limit(machine, Quantity.MEMORY_MAX_C), heat))
        .ifPresent(warnings::add);
  }

  private static Optional<Figure> limit(MachineProfile machine, Quantity quantity) {
    return machine.cards().stream()
        .flatMap(card -> card.part().stream())
        .flatMap(part -> part.figure(quantity).stream())
        .findFirst();
  }

  private static Optional<String> over(
      String what, Range temperature, Optional<Figure> limit, Heat heat) {
    return limit
        .filter(each -> temperature.high() > each.low())
        .map(
            each ->
                "%s %s its limit of %.0f C in %s: %s, unless it slows down before (%s)."
                    .formatted(
                        what,
                        temperature.low() > each.low() ? "passes" : "may pass",
                        each.low(),
                        heat.load().wireName(),
                        temperature.text(),
                        each.source()));
  }

  private static List<String> unknown(MachineProfile machine) {
    List<String> unknown = new ArrayList<>();
    Heat.devices(machine).stream()
        .filter(device -> device.draw().isEmpty())
        .map(DeviceProfile::name)
        .distinct()
        .map("What %s draws is not known, and not in these figures."::formatted)
        .forEach(unknown::add);
    unknown.add("Fans and drives are not in these figures.");
    if (machine.cooling().isEmpty() && !machine.cards().isEmpty()) {
      unknown.add("How the cards are cooled was not said, so there is no temperature.");
    }
    return unknown;
  }
}
