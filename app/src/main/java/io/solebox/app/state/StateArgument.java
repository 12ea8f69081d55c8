package io.solebox.app.state;

import io.solebox.app.console.Environment;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which state. */
final class StateArgument {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where the server keeps its state. Default: server in the data folder.")
  private Optional<Path> state;

  Path folder(Environment environment) {
    return state.orElse(environment.serverFolder()).toAbsolutePath();
  }

  Path file(Environment environment) {
    return folder(environment).resolve("server.db");
  }
}
