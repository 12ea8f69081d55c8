package io.solebox.app.scout;

import io.solebox.app.console.Environment;
import io.solebox.app.session.Connections;
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

  /** Whether connections may be opened; where not, whoever needs one is refused with the reason. */
  static Network network(Environment environment) {
    return Connections.of(environment);
  }
}
