package io.solebox.hardware.nvml;

import java.util.List;
import java.util.Locale;

/** What the process that speaks with NVML may be asked for; the numbers after it are its own. */
enum Order {
  READ,
  POWER_LIMITS,
  SET_POWER_LIMIT,
  SUPPORTED_CLOCKS,
  LOCK_CLOCKS,
  RESET_CLOCKS,
  CLOCK;

  /** As the first word of a line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Order of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }

  /** Gives it to a GPU. */
  Outcome<List<Integer>> give(GpuOrders gpu, List<Integer> numbers) {
    return switch (this) {
      case READ -> new Outcome.Done<>(List.of());
      case POWER_LIMITS ->
          gpu.powerLimits()
              .map(
                  limits ->
                      List.of(
                          limits.currentMilliwatts(),
                          limits.minMilliwatts(),
                          limits.maxMilliwatts(),
                          limits.defaultMilliwatts()));
      case SET_POWER_LIMIT -> gpu.setPowerLimit(numbers.getFirst()).map(_ -> List.of());
      case SUPPORTED_CLOCKS -> gpu.supportedSmMegahertz();
      case LOCK_CLOCKS ->
          gpu.lockSmClocks(numbers.getFirst(), numbers.getLast()).map(_ -> List.of());
      case RESET_CLOCKS -> gpu.resetSmClocks().map(_ -> List.of());
      case CLOCK -> gpu.smMegahertz().map(List::of);
    };
  }
}
