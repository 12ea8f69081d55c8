package io.solebox.app.power;

import io.solebox.app.console.Environment;
import io.solebox.app.session.HardwareFile;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.nvml.Nvml;
import io.solebox.hardware.nvml.NvmlPace;
import io.solebox.hardware.power.Cards;
import io.solebox.hardware.power.PowerKeeper;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.power.PowerPlanner;
import io.solebox.hardware.settings.HardwareSettings;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.Source;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** This machine's GPUs, and the plan for them. */
final class PlannedMachine implements AutoCloseable {
  private final Nvml nvml;
  private final PowerPlan plan;

  private PlannedMachine(Nvml nvml, PowerPlan plan) {
    this.nvml = nvml;
    this.plan = plan;
  }

  /**
   * Asks the GPUs and plans.
   *
   * @param settings another file than the usual one
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where there is no GPU to hold; {@code
   *     INVALID_PARAMETER} for the file
   */
  static PlannedMachine open(Optional<Path> settings, Environment environment)
      throws InterruptedException {
    HardwareSettings said = HardwareFile.read(settings, environment);
    Nvml nvml = new Nvml(environment.nvmlLibrary(), NvmlPace.USUAL);
    try {
      return switch (nvml.read()) {
        case Source.Answer.Readings(var devices) when !devices.isEmpty() -> {
          Snapshot seen = new Snapshot(Instant.now(), List.of(), devices);
          PowerPlan plan = new PowerPlanner(said.power()).plan(Cards.of(seen, nvml));
          yield new PlannedMachine(nvml, plan);
        }
        case Source.Answer.Readings _ -> throw none("NVML knows of no GPU.");
        case Source.Answer.Silence(var why) -> throw none(why + ".");
      };
    } catch (RuntimeException | InterruptedException e) {
      nvml.close();
      throw e;
    }
  }

  private static SoleboxException none(String why) {
    return new SoleboxException(
        ErrorCode.DEVICE_UNAVAILABLE,
        "NVML",
        "There is no GPU to hold: " + why,
        "See 'solebox doctor'.");
  }

  PowerPlan plan() {
    return plan;
  }

  PowerKeeper keeper() {
    return new PowerKeeper(nvml, Thread::sleep);
  }

  @Override
  public void close() {
    nvml.close();
  }
}
