package io.solebox.app.smoke;

import io.solebox.app.console.Json;
import io.solebox.hardware.doctor.facts.LastSmoke;
import io.solebox.hardware.smoke.SmokeFields;
import io.solebox.hardware.smoke.SmokeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/** The last report in the folder of the data, where the doctor reads it. */
final class KeptReport {
  private KeptReport() {}

  /**
   * Takes the place of the one before, at once.
   *
   * @return why that could not be, in words
   */
  static Optional<String> keep(SmokeReport report, Path data) {
    Path file = data.resolve(LastSmoke.FILE);
    try {
      Files.createDirectories(data);
      Path next = Files.createTempFile(data, LastSmoke.FILE, ".tmp");
      Files.writeString(next, Json.text(SmokeFields.of(report)) + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(file + " cannot be written: " + e.getMessage());
    }
  }
}
