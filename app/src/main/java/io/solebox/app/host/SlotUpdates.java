package io.solebox.app.host;

import io.solebox.app.update.file.UpdateFile;
import io.solebox.app.update.slot.Machine;
import io.solebox.app.update.slot.Status;
import io.solebox.app.update.slot.Updater;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.update.UpdateFolder;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Installs what a server has taken in, and decides between the slots, where the machine has two.
 *
 * @param machine whose slots they are
 * @param version of the program that runs
 * @param dataFolder in which the server leaves an update; nothing that lies there is believed
 */
record SlotUpdates(Machine machine, String version, Path dataFolder) {
  boolean possible() {
    return machine.hasSlots();
  }

  /**
   * What the server is told of the slots.
   *
   * @return empty where there are none, or nothing can be seen of them
   */
  Optional<Map<String, Object>> slots() {
    if (!possible()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Status.of(machine, version).fields());
    } catch (SoleboxException e) {
      return Optional.empty();
    }
  }

  void install(boolean allowOlder, Progress progress) {
    Path file = new UpdateFolder(dataFolder).file();
    try (UpdateFile update = UpdateFile.open(file, machine.keys())) {
      new Updater(machine, version).install(update, allowOlder, progress);
    }
  }

  void rollBack() {
    new Updater(machine, version).rollBack();
  }
}
