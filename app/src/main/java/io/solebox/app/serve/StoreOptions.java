package io.solebox.app.serve;

import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.ServerConfig;
import io.solebox.server.accounts.OpenAccounts;
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

  /** Who has locked the door does not find it open after another start. */
  private static void requireNoAccounts(Path folder) {
    if (OpenAccounts.anyIn(folder)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "--no-store",
          "People have accounts in " + folder + ", and without them anybody could get in.",
          "Leave it out; 'solebox users groups set NAME --keep 0' keeps no texts of a group.");
    }
  }

  ServerConfig apply(ServerConfig config, Environment environment) {
    Path folder = state.orElse(environment.serverFolder());
    if (noStore) {
      requireNoAccounts(folder);
      return config;
    }
    ServerConfig storing = config.withStateFile(folder.resolve("server.db"));
    return keepDays.map(days -> storing.withKeep(Duration.ofDays(days))).orElse(storing);
  }
}
