package io.solebox.app.session;

import io.solebox.app.console.Environment;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Of which server a command speaks. */
public final class StateArgument {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where the server keeps its state. Default: server in the data folder.")
  private Optional<Path> state;

  /** The folder of its state. */
  public Path folder(Environment environment) {
    return state.orElse(environment.serverFolder());
  }
}
