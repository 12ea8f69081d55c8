package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.settings.HardwareSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What the owner says of the box, where it is said. */
public final class HardwareFile {
  /** Where root and the user of a service both look. */
  private static final Path SYSTEM = Path.of("/etc/solebox");

  private HardwareFile() {}

  /** In the folder of the data, or else that of the machine. */
  public static Path usual(Environment environment) {
    Path own = environment.dataFolder().resolve(HardwareSettings.FILE);
    Path shared = SYSTEM.resolve(HardwareSettings.FILE);
    return Files.exists(own) || !Files.exists(shared) ? own : shared;
  }

  /**
   * @param file another than the usual one
   * @throws SoleboxException {@code INVALID_PARAMETER} if it says nothing sensible
   */
  public static HardwareSettings read(Optional<Path> file, Environment environment) {
    Path chosen = file.orElseGet(() -> usual(environment));
    if (file.isPresent() && !Files.exists(chosen)) {
      throw bad(chosen, "there is no such file");
    }
    return switch (HardwareSettings.read(chosen)) {
      case HardwareSettings.Result.Good(var settings) -> settings;
      case HardwareSettings.Result.Bad(var what) -> throw bad(chosen, what);
    };
  }

  private static SoleboxException bad(Path file, String what) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER, file.toString(), what + ".", "See docs/hardware.md.");
  }
}
