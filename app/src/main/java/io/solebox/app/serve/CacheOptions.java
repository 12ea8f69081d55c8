package io.solebox.app.serve;

import io.solebox.app.console.Units;
import io.solebox.engine.api.SaveOptions;
import io.solebox.engine.api.SpillOptions;
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
      names = SAVE,
      paramLabel = "DIR",
      description =
          "Write the prefixes in the KV cache to this folder when a model is unloaded, and find"
              + " them when it is loaded again. What they hold is as private as the prompts."
              + " Default: none are kept.")
  private Optional<Path> save;

  @Option(
      names = SAVE_SIZE,
      paramLabel = "SIZE",
      description = "What each model may take there. Default: " + USUAL_SAVE_SIZE + ".")
  private Optional<String> saveSize;

  /** Refuses wrong values, and what would have no effect, before anything is opened. */
  void check() {
    if (saveSize.isPresent() && save.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          SAVE_SIZE + " is what may lie in the folder of " + SAVE + "; give that too");
    }
    spill();
  }

  SpillOptions spill() {
    long most = bytes(SAVE_SIZE, saveSize.orElse(USUAL_SAVE_SIZE));
    return new SpillOptions(
        spill.map(text -> bytes(SPILL, text)).orElse(0L),
        save.map(folder -> new SaveOptions(folder, most)));
  }

  private long bytes(String option, String text) {
    OptionalLong bytes = Units.bytesOf(text);
    if (bytes.isEmpty() || bytes.getAsLong() == 0) {
      throw new ParameterException(
          command.commandLine(),
          "%s %s: this is no size; write it as in 12GiB or 800M".formatted(option, text));
    }
    return bytes.getAsLong();
  }
}
