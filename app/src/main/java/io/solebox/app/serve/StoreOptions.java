package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.server.ServerConfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a server keeps, and where. */
final class StoreOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where the server keeps stored responses, conversations and files, for nobody but its"
              + " owner to read. Default: server in the data folder.")
  private Optional<Path> state;

  @Option(
      names = "--no-store",
      description = "Keep nothing; requests that need something stored are refused.")
  private boolean noStore;

  /** Refuses what contradicts itself. */
  void check() {
    if (noStore && state.isPresent()) {
      throw new ParameterException(
          command.commandLine(), "--state names where to keep things, and --no-store keeps none");
    }
  }

  ServerConfig apply(ServerConfig config, Environment environment) {
    Path folder = state.orElse(environment.dataFolder().resolve("server"));
    return noStore ? config : config.withStateFile(folder.resolve("server.db"));
  }
}
