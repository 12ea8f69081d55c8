package io.solebox.hardware.smoke;

import io.solebox.hardware.guard.Limits;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.EventReason;
import io.solebox.hardware.telemetry.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * What a card's sensors said while it worked.
 *
 * @param looks how often they were asked
 * @param megahertz the median of its clock
 * @param maxMegahertz the highest clock that it has
 * @param coreCelsius the most of its core
 * @param memoryCelsius the most of its memory
 * @param watts the most that it drew
 * @param limits of this card
 * @param held what held its clocks down, at what share of the looks
 * @param stepPerWatt by how many degrees the core rose within the first seconds, per watt more
 * @param link the best that was seen
 */
public record WorkFacts(
    int looks,
    OptionalDouble megahertz,
    OptionalDouble maxMegahertz,
    OptionalDouble coreCelsius,
    OptionalDouble memoryCelsius,
    OptionalDouble watts,
    Limits limits,
    Map<EventReason, Double> held,
    OptionalDouble stepPerWatt,
    Optional<PciLink> link) {
  /** Clocks rise and settle in the first seconds, which say nothing of the rest. */
  private static final double SETTLED_SECONDS = 2;

  /** What a heat sink takes up meanwhile is little; what the paste holds back is all there. */
  private static final double STEP_SECONDS = 3;

  /** Smaller steps of power are noise beside whole degrees. */
  private static final double LEAST_STEP_WATTS = 40;

  /** What was known of a card at a second since the work began. */
  public record Look(double second, DeviceReading card) {}

  public WorkFacts {
    held = Map.copyOf(held);
  }

  /**
   * Of looks from shortly before the work on, in their order.
   *
   * @param limits as the guard has them
   */
  public static WorkFacts of(List<Look> looks, Limits limits) {
    List<Look> working = looks.stream().filter(each -> each.second() >= 0).toList();
    List<Look> settled = working.stream().filter(each -> each.second() >= SETTLED_SECONDS).toList();
    List<Look> steady = settled.isEmpty() ? working : settled;
    return new WorkFacts(
        working.size(),
        median(values(steady, Metric.SM_MEGAHERTZ)),
        values(looks, Metric.SM_MAX_MEGAHERTZ).max(),
        values(working, Metric.CORE_CELSIUS).max(),
        values(working, Metric.MEMORY_CELSIUS).max(),
        values(working, Metric.POWER_WATTS).max(),
        limits,
        held(steady),
        step(looks),
        link(working));
  }

  private static DoubleStream values(List<Look> looks, Metric metric) {
    return looks.stream().flatMapToDouble(each -> each.card().value(metric).stream());
  }

  private static OptionalDouble median(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    return sorted.length == 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(sorted[sorted.length / 2]);
  }

  private static Map<EventReason, Double> held(List<Look> looks) {
    List<List<EventReason>> seen = new ArrayList<>();
    for (Look look : looks) {
      look.card()
          .value(Metric.EVENT_REASONS_MASK)
          .ifPresent(mask -> seen.add(EventReason.of((long) mask)));
    }
    Map<EventReason, Double> shares = new EnumMap<>(EventReason.class);
    seen.forEach(
        reasons -> reasons.forEach(each -> shares.merge(each, 1.0 / seen.size(), Double::sum)));
    return shares;
  }

  /** From the last look before the work to the first after the step, if power rose in between. */
  private static OptionalDouble step(List<Look> looks) {
    Optional<Look> before =
        looks.stream().filter(each -> each.second() < 0).reduce((_, last) -> last);
    Optional<Look> after = looks.stream().filter(each -> each.second() >= STEP_SECONDS).findFirst();
    if (before.isEmpty() || after.isEmpty() || after.get().second() > 2 * STEP_SECONDS) {
      return OptionalDouble.empty();
    }
    double[] watts = difference(before.get(), after.get(), Metric.POWER_WATTS);
    double[] degrees = difference(before.get(), after.get(), Metric.CORE_CELSIUS);
    boolean isThere = watts.length + degrees.length == 2 && watts[0] >= LEAST_STEP_WATTS;
    return isThere ? OptionalDouble.of(degrees[0] / watts[0]) : OptionalDouble.empty();
  }

  private static double[] difference(Look before, Look after, Metric metric) {
    OptionalDouble first = before.card().value(metric);
    OptionalDouble second = after.card().value(metric);
    return first.isPresent() && second.isPresent()
        ? new double[] {second.getAsDouble() - first.getAsDouble()}
        : new double[0];
  }

  private static Optional<PciLink> link(List<Look> looks) {
    OptionalDouble generation = values(looks, Metric.PCIE_GENERATION).max();
    OptionalDouble lanes = values(looks, Metric.PCIE_LANES).max();
    return generation.isPresent() && lanes.isPresent()
        ? PciLink.speed((int) generation.getAsDouble())
            .map(speed -> new PciLink(speed, (int) lanes.getAsDouble()))
        : Optional.empty();
  }

  /** Whether something held its clocks down at a fifth of the looks or more. */
  boolean isHeldBy(EventReason... reasons) {
    return Arrays.stream(reasons).anyMatch(each -> held.getOrDefault(each, 0.0) >= 0.2);
  }
}
