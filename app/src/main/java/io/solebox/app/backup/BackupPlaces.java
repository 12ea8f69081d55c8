package io.solebox.app.backup;

import io.solebox.app.console.Environment;
import java.nio.file.Path;

/**
 * Where a box keeps what a backup holds.
 *
 * @param data the data folder
 * @param state the folder of the server
 * @param system settings of the machine, which may be root's
 */
record BackupPlaces(Path data, Path state, Path system) {
  static final String SERVER = "server/";
  static final String SCOUT = "scout/";
  static final String SETTINGS = "settings/";
  static final String SYSTEM = "etc/";
  static final String BLOBS = "blobs/";
  static final String MODELS = "models/";

  private static final Path ETC = Path.of("/etc/solebox");

  static BackupPlaces of(Environment environment, Path state) {
    return new BackupPlaces(environment.dataFolder(), state.toAbsolutePath(), ETC);
  }

  Path database() {
    return state.resolve("server.db");
  }

  Path scout() {
    return data.resolve("scout");
  }

  Path store() {
    return data.resolve("store");
  }

  /** Of models that a person has put there. */
  Path models() {
    return data.resolve("models");
  }
}
