package io.solebox.app.airgap;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What whoever started this process wants, in rising order. */
public enum AirGapWish {
  NONE,
  IF_POSSIBLE,
  REQUIRED;

  /** The options of every command. */
  public static final String OPTION = "--air-gap";

  public static final String OPTION_IF_POSSIBLE = "--air-gap-if-possible";

  /** The variable: {@code 1} or {@code if-possible}. */
  public static final String VARIABLE = "SOLEBOX_AIR_GAP";

  /** The setting, a file in the data folder: {@code required} or {@code if-possible}. */
  public static final String SETTING = "air-gap";

  /**
   * The strongest of what is said on the command line, in the environment, and in the data folder.
   *
   * @throws SoleboxException if a word is none of these
   */
  public static AirGapWish of(String[] arguments, Map<String, String> variables, Path dataFolder) {
    AirGapWish option = NONE;
    for (String argument : arguments) {
      switch (argument) {
        case OPTION -> option = REQUIRED;
        case OPTION_IF_POSSIBLE -> option = strongest(option, IF_POSSIBLE);
        default -> {}
      }
    }
    return strongest(option, ofVariable(variables.getOrDefault(VARIABLE, "")), stored(dataFolder));
  }

  private static AirGapWish strongest(AirGapWish... wishes) {
    return Collections.max(List.of(wishes));
  }

  private static AirGapWish ofVariable(String word) {
    return switch (word) {
      case "", "0" -> NONE;
      case "1" -> REQUIRED;
      default -> parse(word, VARIABLE);
    };
  }

  /**
   * The setting of a data folder.
   *
   * @throws SoleboxException if it cannot be read, or is none
   */
  public static AirGapWish stored(Path dataFolder) {
    Path file = dataFolder.resolve(SETTING);
    try {
      return parse(Files.readString(file).strip(), file.toString());
    } catch (NoSuchFileException e) {
      return NONE;
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "Whether everything is to run air-gapped stands there, and it cannot be read: "
              + e.getMessage()
              + ".",
          "See to it that it can be read by whoever runs Solebox.",
          e);
    }
  }

  /** As it is written. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Writes it down, for all that uses this data folder from now on.
   *
   * @throws SoleboxException if it cannot be written
   */
  public void store(Path dataFolder) {
    Path file = dataFolder.resolve(SETTING);
    try {
      Files.createDirectories(dataFolder);
      Path next = Files.createTempFile(dataFolder, SETTING, ".tmp");
      Files.writeString(next, word() + "\n");
      // Readable for those whom it binds, as temporary files are not.
      Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-r--r--"));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "It cannot be written: " + e.getMessage() + ".",
          "See to the data folder and who may write there.",
          e);
    }
  }

  /**
   * What a word says.
   *
   * @throws SoleboxException if it is none of these
   */
  public static AirGapWish parse(String word, String place) {
    for (AirGapWish wish : values()) {
      if (wish.word().equals(word)) {
        return wish;
      }
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        place,
        "'" + word + "' says not whether to run air-gapped.",
        "Write required, if-possible or none.");
  }
}
