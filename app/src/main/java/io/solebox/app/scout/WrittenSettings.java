package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.settings.ScoutFile;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.toml.Mistake;
import io.solebox.scout.toml.TomlText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;

/**
 * The file of settings as it is written.
 *
 * @param reading what it comes to
 */
record WrittenSettings(Path file, String text, ScoutFile.Reading reading) {
  /**
   * @throws SoleboxException if there is none, or it cannot be read
   */
  static WrittenSettings read(Path file) {
    try {
      return of(file, TomlText.content(file));
    } catch (NoSuchFileException e) {
      throw error(
          file, "There are no settings.", "'solebox scout init' writes a file to begin with.", e);
    } catch (IOException e) {
      throw error(file, "It cannot be read: " + e.getMessage() + ".", "See who may read it.", e);
    }
  }

  private static WrittenSettings of(Path file, String text) {
    Path folder = file.toAbsolutePath().getParent();
    return new WrittenSettings(file, text, ScoutFile.of(text, folder, ZoneId.systemDefault()));
  }

  private static SoleboxException error(Path file, String what, String remedy, IOException e) {
    return new SoleboxException(ErrorCode.IO_ERROR, file.toString(), what, remedy, e);
  }

  /**
   * The settings; what is wrong with them is shown, a line each.
   *
   * @throws SoleboxException if something is
   */
  ScoutSettings settings(Console console) {
    return switch (reading) {
      case ScoutFile.Reading.Good(ScoutSettings settings) -> settings;
      case ScoutFile.Reading.Bad(var mistakes) -> {
        for (Mistake mistake : mistakes) {
          console.error(mistake.in(file.toString()));
        }
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            file.toString(),
            mistakes.size() == 1
                ? "There is a mistake in it."
                : "There are %d mistakes in it.".formatted(mistakes.size()),
            "Mend it; docs/scout.md says what there is.");
      }
    };
  }

  /**
   * Writes another text, if it is sound; the file is the old one or the new one at any moment.
   *
   * @throws SoleboxException if it is not, and nothing has changed
   */
  ScoutSettings replace(Console console, String other) {
    ScoutSettings settings = of(file, other).settings(console);
    write(file, other);
    return settings;
  }

  /**
   * @throws SoleboxException if it cannot be written
   */
  static void write(Path file, String text) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path beside = Files.createTempFile(folder, ".scout", ".toml");
      try {
        Files.writeString(beside, text, StandardCharsets.UTF_8);
        Files.move(
            beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw error(
          file, "It cannot be written: " + e.getMessage() + ".", "See who may write it.", e);
    }
  }
}
