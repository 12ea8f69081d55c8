package io.solebox.hardware.doctor.facts;

import io.solebox.hardware.doctor.Evidence;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * A clock below a GPU's highest that holds while it works, though neither heat nor power holds it
 * down. No program tells locks; this is how they show ({@code nvidia-smi -q}).
 *
 * @param megahertz that it runs at
 * @param most that it could
 */
public record HeldClock(double megahertz, double most, List<Evidence> evidence) {
  /** Below this it is not at work, and runs slower by itself. */
  private static final double WORKS_PERCENT = 50;

  /** A step or two below its highest a card runs by itself, when it is warm. */
  private static final double CLEARLY_LOWER = 0.95;

  private static final List<String> REASONS =
      List.of("Clocks Event Reasons/", "Clocks Throttle Reasons/");

  private static final List<String> OTHERS =
      List.of(
          "Idle",
          "SW Power Cap",
          "HW Slowdown",
          "HW Thermal Slowdown",
          "HW Power Brake Slowdown",
          "SW Thermal Slowdown");

  public HeldClock {
    evidence = List.copyOf(evidence);
  }

  /** Of a GPU that works under one. */
  public static Optional<HeldClock> of(SmiGpu smi) {
    OptionalDouble use = smi.number("Utilization/Gpu", "Utilization/GPU");
    OptionalDouble now = smi.number("Clocks/SM");
    OptionalDouble most = smi.number("Max Clocks/SM");
    if (use.isEmpty() || now.isEmpty() || most.isEmpty() || use.getAsDouble() < WORKS_PERCENT) {
      return Optional.empty();
    }
    boolean lower = now.getAsDouble() < CLEARLY_LOWER * most.getAsDouble();
    List<Known<String>> reasons =
        REASONS.stream()
            .flatMap(place -> OTHERS.stream().map(name -> smi.value(place + name)))
            .flatMap(Optional::stream)
            .toList();
    boolean told = !reasons.isEmpty();
    if (!lower || !told || reasons.stream().anyMatch(each -> each.value().equals("Active"))) {
      return Optional.empty();
    }
    List<Evidence> evidence =
        Stream.of("Clocks/SM", "Max Clocks/SM", "Utilization/Gpu")
            .flatMap(path -> smi.value(path).stream())
            .map(Known::evidence)
            .toList();
    return Optional.of(new HeldClock(now.getAsDouble(), most.getAsDouble(), evidence));
  }
}
