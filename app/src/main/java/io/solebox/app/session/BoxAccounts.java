package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.server.accounts.OpenAccounts;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which accounts a command is about. */
public final class BoxAccounts {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Where the server keeps its state. Default: server in the data folder.")
  private Optional<Path> state;

  /** Made where there are none. */
  public OpenAccounts open(Environment environment) {
    return OpenAccounts.in(folder(environment));
  }

  /** Empty where no server has kept anything yet. */
  public Optional<OpenAccounts> existing(Environment environment) {
    return OpenAccounts.existing(folder(environment));
  }

  /** The database of it. */
  public Path file(Environment environment) {
    return folder(environment).resolve("server.db");
  }

  private Path folder(Environment environment) {
    return state.orElse(environment.serverFolder());
  }
}
