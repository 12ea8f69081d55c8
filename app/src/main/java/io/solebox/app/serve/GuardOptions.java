package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.HardwareFile;
import io.solebox.hardware.settings.HardwareSettings;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether the hardware is looked after while a server runs. */
final class GuardOptions {
  /** When it is. */
  enum Wish {
    /** Where models run on a GPU, or the box is on a board whose controller is named. */
    AUTO,
    /** Whatever they run on. */
    ON,
    OFF
  }

  @Option(
      names = "--guard",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "Hold GPUs to what they may draw, and slow down, pause or stop before they get too hot:"
              + " auto (where models run on a GPU, or a board is named), on, off. Default: ${DEFAULT-VALUE}.")
  private Wish guard;

  /**
   * @throws io.solebox.engine.error.SoleboxException if what the owner says of the box is not
   *     sensible, or its plug or its board cannot be used
   */
  HardwareCare care(Environment environment, Console console) {
    HardwareSettings said = HardwareFile.read(Optional.empty(), environment);
    Attached attached = guard == Wish.OFF ? Attached.NOTHING : Attached.of(said, environment);
    return new HardwareCare(guard, said, environment.nvmlLibrary(), attached, console);
  }
}
