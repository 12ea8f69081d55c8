package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Units;
import io.solebox.engine.api.SaveOptions;
import io.solebox.engine.api.SpillDisk;
import io.solebox.engine.api.SpillOptions;
import io.solebox.engine.spill.FileSeal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where what leaves the KV cache goes, and where prefixes outlive the server. */
final class CacheOptions {
  private static final String SPILL = "--kv-spill";
  private static final String DISK = "--kv-spill-disk";
  private static final String DISK_FOLDER = "--kv-spill-dir";
  private static final String SAVE = "--kv-save";
  private static final String SAVE_SIZE = "--kv-save-size";
  private static final String USUAL_SAVE_SIZE = "4GiB";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = SPILL,
      paramLabel = "SIZE",
      description =
          "Host memory, for each model, that keeps what has to leave the KV cache, as in 8GiB; it"
              + " comes back where that is cheaper than computing it again. Default: none.")
  private Optional<String> spill;

  @Option(
      names = DISK,
      paramLabel = "SIZE",
      description =
          "Disk space, for each model, for what has to leave the memory of "
              + SPILL
              + ", as in"
              + " 64GiB. It is given back when the model is unloaded. Default: none.")
  private Optional<String> disk;

  @Option(
      names = DISK_FOLDER,
      paramLabel = "DIR",
      description = "Where that is. Default: the folder kv in the data folder.")
  private Optional<Path> diskFolder;

  @Option(
      names = SAVE,
      paramLabel = "DIR",
      description =
          "Write the prefixes in the KV cache to this folder when a model has nothing to do or is"
              + " unloaded, and find them when it is loaded again. What they hold is as private as"
              + " the prompts. Default: none are kept.")
  private Optional<Path> save;

  @Option(
      names = SAVE_SIZE,
      paramLabel = "SIZE",
      description = "What each model may take there. Default: " + USUAL_SAVE_SIZE + ".")
  private Optional<String> saveSize;

  /** Refuses wrong values, and what would have no effect, before anything is opened. */
  void check() {
    if (saveSize.isPresent() && save.isEmpty()) {
      throw wrong(SAVE_SIZE + " is what may lie in the folder of " + SAVE + "; give that too");
    }
    if (diskFolder.isPresent() && disk.isEmpty()) {
      throw wrong(DISK_FOLDER + " is where " + DISK + " has its space; give that too");
    }
    if (disk.isPresent() && spill.isEmpty()) {
      throw wrong(
          DISK + " takes what has to leave the memory of " + SPILL + "; give that too, as in 4GiB");
    }
    saveBytes();
    spill.ifPresent(text -> bytes(SPILL, text));
    disk.ifPresent(text -> bytes(DISK, text));
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** Whether prefixes are saved that nobody seals. */
  boolean savesInTheClear(FileSeal seal) {
    return save.isPresent() && seal.equals(FileSeal.NONE);
  }

  private long saveBytes() {
    return bytes(SAVE_SIZE, saveSize.orElse(USUAL_SAVE_SIZE));
  }

  SpillOptions spill(FileSeal seal, Environment environment, Console console) {
    Path folder = diskFolder.orElseGet(() -> environment.dataFolder().resolve("kv"));
    return new SpillOptions(
        spill.map(text -> bytes(SPILL, text)).orElse(0L),
        disk.map(
            text ->
                new SpillDisk(folder, bytes(DISK, text), note -> console.error("note: " + note))),
        save.map(to -> new SaveOptions(to, saveBytes(), seal)));
  }

  private long bytes(String option, String text) {
    OptionalLong bytes = Units.bytesOf(text);
    if (bytes.isEmpty() || bytes.getAsLong() == 0) {
      throw wrong("%s %s: this is no size; write it as in 12GiB or 800M".formatted(option, text));
    }
    return bytes.getAsLong();
  }
}
