package io.solebox.server.models;

import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What the guard of the hardware asks for, in the words of requests.
 *
 * @param guard asked at any time, by any thread
 */
public record HardwareState(Supplier<Ruling> guard) {
  /** Nobody guards it. */
  public static final HardwareState WELL = new HardwareState(() -> Ruling.NOTHING);

  /** As long as a value has to be better before the guard believes it. */
  private static final int RETRY_SECONDS = 30;

  public Ruling ruling() {
    return guard.get();
  }

  /** Whether nothing new is to be begun. */
  boolean isHeld() {
    return guard.get().level().isAtLeast(Level.PAUSED);
  }

  /**
   * Lets new work pass.
   *
   * @throws Problem 503 with the reason, where there must be none
   */
  void require() {
    Ruling ruling = guard.get();
    if (ruling.level().isAtLeast(Level.PAUSED)) {
      Map<String, Object> details = new LinkedHashMap<>();
      details.put("level", ruling.level().word());
      throw Problem.of(
              503,
              "hardware_guard",
              "The hardware must not take new work: %s. Try again later.".formatted(ruling.words()))
          .withDetails(details)
          .withRetryAfter(RETRY_SECONDS);
    }
  }

  /** For {@code /health}: empty while there is nothing to tell. */
  Optional<Map<String, Object>> told() {
    Ruling ruling = guard.get();
    if (ruling.level() == Level.NORMAL) {
      return Optional.empty();
    }
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("level", ruling.level().word());
    told.put("devices", ruling.devices().stream().map(HardwareState::told).toList());
    return Optional.of(told);
  }

  private static Map<String, Object> told(Ruling.Device device) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("name", device.name());
    told.put("level", device.level().word());
    List<String> reasons = device.reasons().stream().map(Ruling.Reason::words).toList();
    told.put("reasons", reasons);
    return told;
  }
}
