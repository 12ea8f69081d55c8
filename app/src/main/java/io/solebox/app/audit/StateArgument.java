package io.solebox.app.audit;

import io.solebox.app.console.Environment;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whose log it is. */
final class StateArgument {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where the server keeps its state. Default: server in the data folder.")
  private Optional<Path> state;

  Path folder(Environment environment) {
    return state.orElse(environment.serverFolder());
  }
}
