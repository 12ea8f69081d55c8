package io.solebox.planner.heat;

import io.solebox.hardware.table.Part;
import io.solebox.hardware.table.Quantity;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.Load;
import io.solebox.planner.machine.MachineProfile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a machine draws and how warm it gets at one kind of work.
 *
 * @param load the kind of work
 * @param direct watts of direct current, without fans and drives
 * @param wall watts at the wall
 * @param btu the same heat as air conditioning counts it
 * @param air cubic metres an hour
 * @param cfm the same in cubic feet a minute
 * @param core of the warmest card; empty where no cooling was said or the card's power is unknown
 * @param memory of that card, where it is known by how much it is warmer than the core
 * @param noise about
 */
public record Heat(
    Load load,
    Range direct,
    Range wall,
    Range btu,
    Range air,
    Range cfm,
    Optional<Range> core,
    Optional<Range> memory,
    Noise noise) {
  private static final double BTU_PER_WATT_HOUR = 3.412;

  /** From the worst certificate at little load to the best at half. */
  private static final double WORST_SUPPLY = 0.80;

  private static final double BEST_SUPPLY = 0.96;

  /** Of all its devices of which it is known what they draw. */
  static Heat of(MachineProfile machine, Load load, Air air) {
    Range direct = direct(machine, load);
    Range wall = machine.supply().map(each -> each.wall(direct)).orElseGet(() -> anyWall(direct));
    Optional<Range> core = core(machine, load, air);
    Range metres = air.cubicMetresPerHour(wall);
    return new Heat(
        load,
        direct,
        wall,
        wall.map(each -> each * BTU_PER_WATT_HOUR, Unit.BTU_PER_HOUR, "3.412 BTU/h for each watt"),
        metres,
        air.cubicFeetPerMinute(wall),
        core,
        core.flatMap(each -> memory(machine, each)),
        noise(machine, load, metres));
  }

  private static Range direct(MachineProfile machine, Load load) {
    Range sum = new Range(0, 0, Unit.WATTS, "");
    Map<String, Integer> alike = new LinkedHashMap<>();
    for (DeviceProfile device : devices(machine)) {
      Optional<Range> watts = device.draw().map(draw -> draw.in(load));
      if (watts.isPresent()) {
        sum = sum.plus(watts.get(), "");
        alike.merge(
            "%s draws %s: %s".formatted(device.name(), watts.get().text(), watts.get().reason()),
            1,
            Integer::sum);
      }
    }
    return sum.because(
        alike.entrySet().stream()
            .map(
                each ->
                    (each.getValue() > 1 ? "Each of " + each.getValue() + " x " : "")
                        + each.getKey())
            .collect(Collectors.joining(". ")));
  }

  static List<DeviceProfile> devices(MachineProfile machine) {
    return Stream.concat(Stream.of(machine.processor()), machine.cards().stream()).toList();
  }

  private static Range anyWall(Range direct) {
    return new Range(
        direct.low() / BEST_SUPPLY,
        direct.high() / WORST_SUPPLY,
        Unit.WATTS,
        "%s through a supply that nobody has named: 80 to 96 %% come out".formatted(direct.text()));
  }

  /** A card behind another has air that this one has warmed. */
  private static Optional<Range> core(MachineProfile machine, Load load, Air air) {
    return machine
        .cooling()
        .flatMap(way -> way.figure(Quantity.KELVIN_PER_WATT))
        .flatMap(
            path ->
                machine.cards().stream()
                    .flatMap(card -> card.draw().stream())
                    .map(draw -> draw.in(load))
                    .reduce((a, b) -> a.high() >= b.high() ? a : b)
                    .map(
                        watts ->
                            new Range(
                                air.in().low() + path.low() * watts.low(),
                                air.in().high()
                                    + (machine.cards().size() > 1 ? air.rise().high() : 0)
                                    + path.high() * watts.high(),
                                Unit.CELSIUS,
                                "air of %s, and %.2f to %.2f K for each of %s: %s"
                                    .formatted(
                                        air.in().text(),
                                        path.low(),
                                        path.high(),
                                        watts.text(),
                                        path.source()))));
  }

  private static Optional<Range> memory(MachineProfile machine, Range core) {
    return machine.cards().stream()
        .flatMap(card -> card.part().stream())
        .flatMap(part -> part.figure(Quantity.MEMORY_OVER_CORE_K).stream())
        .findFirst()
        .map(
            over ->
                new Range(
                    core.low() + over.low(),
                    core.high() + over.high(),
                    Unit.CELSIUS,
                    "%.0f K over the core: %s".formatted(over.high(), over.source())));
  }

  private static Noise noise(MachineProfile machine, Load load, Range metres) {
    Noise byAir = Noise.of(metres.high());
    boolean pressed =
        load != Load.IDLE
            && machine.cooling().map(Part::key).filter("server-air"::equals).isPresent();
    return pressed && byAir.compareTo(Noise.LOUD) < 0 ? Noise.LOUD : byAir;
  }
}
