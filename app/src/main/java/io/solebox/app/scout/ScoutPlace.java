package io.solebox.app.scout;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.session.Connections;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.settings.ScoutSettings;
import io.solebox.scout.state.ScoutTables;
import io.solebox.storage.Database;
import io.solebox.store.pull.http.Network;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where a scout's settings and what it remembers lie, and whether it may leave this machine. */
final class ScoutPlace {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The settings. Default: " + ScoutSettings.FILE + " in the data folder.")
  private Optional<Path> config;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "What the scout remembers. Default: the folder scout in the data folder.")
  private Optional<Path> state;

  /** The file of the settings, which may be missing. */
  Path config(Environment environment) {
    return config.orElseGet(() -> environment.dataFolder().resolve(ScoutSettings.FILE));
  }

  /** The folder of what the scout remembers. */
  Path folder(Environment environment) {
    return state.orElseGet(() -> usual(environment));
  }

  /** The folder of what a scout remembers, where nothing else is said. */
  static Path usual(Environment environment) {
    return environment.dataFolder().resolve("scout");
  }

  /** The file of what the scout remembers, which may be missing. */
  Path file(Environment environment) {
    return folder(environment).resolve(ScoutTables.FILE);
  }

  /**
   * What the scout remembers, made where it is missing.
   *
   * @throws io.solebox.engine.error.SoleboxException if it cannot be used
   */
  Database open(Environment environment) {
    return ScoutTables.open(file(environment));
  }

  /**
   * The settings; what is wrong with them is shown, a line each.
   *
   * @throws SoleboxException if something is, or there are none
   */
  ScoutSettings settings(Console console, Environment environment) {
    return WrittenSettings.read(config(environment)).settings(console);
  }

  /**
   * The network, which a scout needs.
   *
   * @throws SoleboxException {@code OFFLINE} where no connection may be opened
   */
  static Network network(Environment environment) {
    Network network = Connections.of(environment);
    if (network instanceof Network.Closed(String reason)) {
      throw new SoleboxException(
          ErrorCode.OFFLINE,
          "the scout",
          "It lives by asking other machines, and connections are switched off here: "
              + reason
              + ".",
          "Run it on another machine: it needs nothing of this one.");
    }
    return network;
  }
}
