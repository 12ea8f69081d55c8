package io.solebox.hardware.guard;

import java.util.OptionalDouble;

/**
 * What a card bears, as it says itself or as a table has it; what nobody says is judged by the
 * {@link GuardSettings}.
 *
 * @param maxOperating degrees Celsius of the core under load (NVML's GPU_MAX)
 * @param slowdown at which the card throttles itself
 * @param shutdown at which the card turns itself off
 * @param memoryMax of its memory (NVML's MEM_MAX)
 * @param watts that it may draw: its power limit where it has one, else its share of the budget
 */
public record Limits(
    OptionalDouble maxOperating,
    OptionalDouble slowdown,
    OptionalDouble shutdown,
    OptionalDouble memoryMax,
    OptionalDouble watts) {
  /** Nothing is known. */
  public static final Limits UNKNOWN =
      new Limits(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalDouble.empty());

  /** The same, with what another source says where this one says nothing. */
  public Limits or(Limits other) {
    return new Limits(
        first(maxOperating, other.maxOperating),
        first(slowdown, other.slowdown),
        first(shutdown, other.shutdown),
        first(memoryMax, other.memoryMax),
        first(watts, other.watts));
  }

  /** The same with what it may draw at most. */
  public Limits withWatts(double most) {
    return new Limits(maxOperating, slowdown, shutdown, memoryMax, OptionalDouble.of(most));
  }

  private static OptionalDouble first(OptionalDouble a, OptionalDouble b) {
    return a.isPresent() ? a : b;
  }
}
