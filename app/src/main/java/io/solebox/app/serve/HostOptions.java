package io.solebox.app.serve;

import io.solebox.app.console.Units;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.KeepAlive;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which models of a server stay loaded, and how much memory all of them may take. */
final class HostOptions {
  private static final String IDLE = "--idle-unload";
  private static final String MEMORY = "--memory";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--pin",
      paramLabel = "NAME",
      description =
          "A model that stays loaded; others are unloaded, the least recently used first, when"
              + " one that a request names needs their memory. Can be given several times.")
  private List<String> pins = List.of();

  @Option(
      names = IDLE,
      paramLabel = "TIME",
      description =
          "Unload a model that nobody has used for so long, as in 90s, 5m or 1h30m; 0 is at the end"
              + " of the answer. Default: models stay while there is room.")
  private Optional<String> idleUnload;

  @Option(
      names = MEMORY,
      paramLabel = "SIZE",
      description =
          "What all models together may take of the device, as in 12GiB or 800M. Default: all that"
              + " it has.")
  private Optional<String> memory;

  /** Refuses wrong values before anything is opened. */
  void check() {
    keepAlive();
    memoryBytes();
  }

  List<String> pins() {
    return pins;
  }

  KeepAlive keepAlive() {
    try {
      return idleUnload
          .map(text -> KeepAlive.parse(IDLE, text))
          .orElse(KeepAlive.WHILE_THERE_IS_ROOM);
    } catch (SoleboxException e) {
      throw new ParameterException(
          command.commandLine(), IDLE + ": " + e.getMessage() + " " + e.remedy(), e);
    }
  }

  /** What all models together may take of each device. */
  long memoryBytes() {
    if (memory.isEmpty()) {
      return Long.MAX_VALUE;
    }
    OptionalLong bytes = Units.bytesOf(memory.get());
    if (bytes.isEmpty() || bytes.getAsLong() == 0) {
      throw new ParameterException(
          command.commandLine(),
          "%s %s: this is no size; write it as in 12GiB or 800M".formatted(MEMORY, memory.get()));
    }
    return bytes.getAsLong();
  }
}
