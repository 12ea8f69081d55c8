package io.solebox.app.plan;

import io.solebox.app.console.Environment;
import io.solebox.app.session.MemorySpeed;
import io.solebox.engine.api.Engine;
import io.solebox.engine.memory.HostMemory;
import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.box.MachineBox;
import io.solebox.hardware.doctor.facts.SmokedCard;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.MachineProfile;
import io.solebox.planner.machine.Machines;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** This machine, with what was measured of it. */
record OwnMachine(Environment environment) {
  /** What its processor reads is measured once, and remembered. */
  MachineProfile profile(int threads) {
    MachineProfile found = new Machines().found(MachineBox.here(), smoked());
    return new MachineProfile(
        found.name(),
        processor(found.processor(), threads),
        found.cards(),
        found.disk(),
        found.supply(),
        found.cooling(),
        found.host(),
        found.notes());
  }

  /** None where nothing was tried yet. */
  private List<SmokedCard> smoked() {
    try {
      return SmokedCard.of(new FolderBox(environment.dataFolder()));
    } catch (IOException _) {
      return List.of(); // there is no such folder yet
    }
  }

  private DeviceProfile processor(DeviceProfile found, int threads) {
    var free =
        new DeviceProfile(
            found.name(),
            Optional.of(
                Range.exactly(
                    HostMemory.availableBytes(), Unit.BYTES, "what is free now, as Linux says")),
            found.bandwidth(),
            found.rates(),
            found.link(),
            found.draw(),
            found.architecture(),
            found.refusal(),
            found.part());
    try (Engine engine = Engine.open("cpu", threads)) {
      return new MemorySpeed(environment)
          .bytesPerSecond(engine).stream()
              .mapToObj(
                  rate ->
                      free.measured(
                          Range.about(
                              rate,
                              0.1,
                              Unit.BYTES_PER_SECOND,
                              "measured on this machine, where 10 % more or less is usual")))
              .findFirst()
              .orElse(free);
    }
  }
}
