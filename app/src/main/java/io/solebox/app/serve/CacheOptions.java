package io.solebox.app.serve;

import io.solebox.app.console.Units;
import io.solebox.engine.api.SpillOptions;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where what leaves the KV cache goes. */
final class CacheOptions {
  private static final String SPILL = "--kv-spill";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = SPILL,
      paramLabel = "SIZE",
      description =
          "Host memory, for each model, that keeps what has to leave the KV cache, as in 8GiB; it"
              + " comes back where that is cheaper than computing it again. Default: none.")
  private Optional<String> spill;

  /** Refuses wrong values before anything is opened. */
  void check() {
    spill();
  }

  SpillOptions spill() {
    return spill.map(text -> new SpillOptions(bytes(text, text))).orElse(SpillOptions.NONE);
  }

  private long bytes(String size, String text) {
    OptionalLong bytes = Units.bytesOf(size);
    if (bytes.isEmpty() || bytes.getAsLong() == 0) {
      throw new ParameterException(
          command.commandLine(),
          "%s %s: this is no size; write it as in 12GiB or 800M".formatted(SPILL, text));
    }
    return bytes.getAsLong();
  }
}
