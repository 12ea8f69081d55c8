package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.board.BoardSource;
import io.solebox.hardware.box.Box;
import io.solebox.hardware.box.MachineBox;
import io.solebox.hardware.nvml.Nvml;
import io.solebox.hardware.plug.PlugSource;
import io.solebox.hardware.sensors.Sensors;
import io.solebox.hardware.settings.HardwareSettings;
import io.solebox.hardware.telemetry.Source;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * All that measures this machine: its GPUs, its sensors, the plug before it, and the board it is
 * on.
 */
public final class MachineSources {
  private MachineSources() {}

  /**
   * For a sampler, which asks again and again what there is.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if the owner's file says nothing sensible
   */
  public static Supplier<List<Source>> of(Environment environment) {
    Box box = MachineBox.here();
    Source nvml = Nvml.of(box, environment.nvmlLibrary());
    HardwareSettings settings = HardwareFile.read(Optional.empty(), environment);
    List<Source> own =
        Stream.of(
                Optional.of(nvml),
                named("plug", () -> OwnPlug.of(settings, environment).map(PlugSource::new)),
                named("board", () -> OwnBoard.of(settings, environment).map(BoardSource::new)))
            .flatMap(Optional::stream)
            .toList();
    return () -> Stream.concat(own.stream(), Sensors.of(box).stream()).toList();
  }

  /** All else is shown where it cannot be asked, as without a network. */
  private static Optional<Source> named(String name, Supplier<Optional<? extends Source>> opened) {
    try {
      return opened.get().map(Source.class::cast);
    } catch (SoleboxException e) {
      return Optional.of(new SilentSource(name, e.describe()));
    }
  }
}
