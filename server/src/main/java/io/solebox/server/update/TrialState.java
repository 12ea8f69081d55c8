package io.solebox.server.update;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.storage.StateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The database of a server while a new version of the system is on trial. A new version may give it
 * another form, which the one before does not open; so it is copied before that, and where the
 * trial has failed the copy comes back. What was kept during the trial is moved aside then, and
 * nothing is deleted. Before the database is opened, by one process.
 */
public final class TrialState {
  private final Path database;
  private final Path before;
  private final Path tried;

  /**
   * @param database {@code server.db}
   */
  public TrialState(Path database) {
    this.database = database.toAbsolutePath();
    this.before = beside(".before-update");
    this.tried = beside(".tried-by-update");
  }

  private Path beside(String ending) {
    return database.resolveSibling(database.getFileName() + ending);
  }

  /**
   * Does what is due at a start.
   *
   * @param slots as root tells of them, {@code running} and {@code other}
   * @param version of this program; slots that tell of another one are of an earlier start
   * @param told hears of what was done
   * @throws SoleboxException {@code IO_ERROR}: where no copy could be made, the trial fails rather
   *     than that there is no way back
   */
  public void settle(Map<?, ?> slots, String version, Consumer<String> told) {
    if (!(slots.get("running") instanceof Map<?, ?> running)
        || !(slots.get("other") instanceof Map<?, ?> other)
        || !version.equals(running.get("version"))
        || !Files.exists(database)) {
      return;
    }
    try {
      if ("on_trial".equals(running.get("state"))) {
        keep(told);
      } else if ("failed".equals(other.get("state"))) {
        bringBack(told);
      } else {
        Files.deleteIfExists(before);
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          before.toString(),
          "What the server had kept before the update cannot be copied: " + e.getMessage() + ".",
          "Look at the folder's permissions, and whether the disk is full.",
          e);
    }
  }

  private void keep(Consumer<String> told) throws IOException {
    try (StateFile state = StateFile.open(database)) {
      if (Files.exists(before) || state.version() >= StateFile.latest()) {
        return;
      }
      Path fresh = beside(".before-update.new");
      Files.deleteIfExists(fresh);
      state.copyTo(fresh);
      Files.move(fresh, before, StandardCopyOption.ATOMIC_MOVE);
    }
    told.accept("update: the database was copied to " + before + ", since this version changes it");
  }

  private void bringBack(Consumer<String> told) throws IOException {
    if (!Files.exists(before)) {
      return;
    }
    try (StateFile state = StateFile.open(database)) {
      if (state.version() <= StateFile.latest()) {
        return; // it can be opened as it is
      }
      Files.deleteIfExists(tried);
      state.copyTo(tried);
    }
    // With the journals of the other one beside it, SQLite could take them for its own.
    for (String journal : new String[] {"-wal", "-shm"}) {
      Files.deleteIfExists(beside(journal));
    }
    Files.move(before, database, StandardCopyOption.ATOMIC_MOVE);
    told.accept(
        "update: the version that was tried had changed the database; the one from before is back,"
            + " and what was kept meanwhile is in "
            + tried);
  }

  /** The slots of what root tells of a machine. */
  public static Optional<Map<?, ?>> slots(Map<String, Object> machine) {
    return machine.get("slots") instanceof Map<?, ?> slots ? Optional.of(slots) : Optional.empty();
  }
}
