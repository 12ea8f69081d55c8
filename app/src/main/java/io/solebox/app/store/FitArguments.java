package io.solebox.app.store;

import io.solebox.app.console.Units;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a person says of making a model fit. */
public final class FitArguments {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--fit",
      description =
          "Where no file fits this machine, or the quantization that is named is not there: fetch a"
              + " larger file and quantize it here.")
  private boolean fit;

  @Option(
      names = "--keep-source",
      description = "With --fit, keep the file that was quantized, too.")
  private boolean keepSource;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "Choose as if each device had no more memory than this: 12GiB, 800M.")
  private Optional<String> memory;

  void check() {
    memoryBytes();
    if (keepSource && !fit) {
      throw wrong("--keep-source goes with --fit");
    }
  }

  boolean fit() {
    return fit;
  }

  boolean keepSource() {
    return keepSource;
  }

  /** Of each device at most. */
  long memoryBytes() {
    OptionalLong bytes = memory.map(Units::bytesOf).orElse(OptionalLong.of(Long.MAX_VALUE));
    if (bytes.isEmpty() || bytes.getAsLong() < 1) {
      throw wrong("--memory is '" + memory.get() + "', but must be a size, as in 12GiB");
    }
    return bytes.getAsLong();
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
