package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.server.ServerConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What a server keeps, and where. */
final class StoreOptions {
  private static final int MOST_DAYS = 36_500;

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

  @Option(
      names = "--keep-days",
      paramLabel = "N",
      description =
          "Delete stored responses, chats, files and batches after so many days, and conversations"
              + " that nobody has used for so long. Default: they stay until somebody deletes"
              + " them.")
  private Optional<Integer> keepDays;

  /** Refuses what contradicts itself. */
  void check() {
    if (noStore && state.isPresent()) {
      throw new ParameterException(
          command.commandLine(), "--state names where to keep things, and --no-store keeps none");
    }
    if (noStore && keepDays.isPresent()) {
      throw new ParameterException(
          command.commandLine(), "--keep-days says how long to keep, and --no-store keeps nothing");
    }
    if (keepDays.filter(days -> days < 1 || days > MOST_DAYS).isPresent()) {
      throw new ParameterException(
          command.commandLine(),
          "--keep-days is %d, but must be 1 to %d".formatted(keepDays.get(), MOST_DAYS));
    }
  }

  /** Where this machine keeps what is its own, its keys among it. */
  Path folder(Environment environment) {
    return state.orElse(environment.dataFolder().resolve("server"));
  }

  ServerConfig apply(ServerConfig config, Environment environment) {
    Path folder = state.orElse(environment.serverFolder());
    if (noStore) {
      return config;
    }
    ServerConfig storing = config.withStateFile(folder.resolve("server.db"));
    return keepDays.map(days -> storing.withKeep(Duration.ofDays(days))).orElse(storing);
  }
}
