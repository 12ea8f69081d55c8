package io.solebox.server.update;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.storage.OldState;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.storage.StateFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database that a version on trial has changed, and the version before that comes back. */
class TrialStateTest {
  @TempDir private Path folder;
  private final List<String> told = new ArrayList<>();

  private Path database() {
    return folder.resolve("server.db");
  }

  private Path before() {
    return folder.resolve("server.db.before-update");
  }

  private void settle(String running, String other) {
    new TrialState(database())
        .settle(
            Map.of(
                "running", Map.of("version", "2.0.0", "state", running),
                "other", Map.of("state", other)),
            "2.0.0",
            told::add);
  }

  private int version(Path file) {
    try (StateFile state = StateFile.open(file)) {
      return state.version();
    }
  }

  /** As a version would leave it that has one script more. */
  private void makeLater() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database());
        var statement = connection.createStatement()) {
      statement.execute("INSERT INTO schema_version (version) VALUES (1000)");
    }
  }

  @Test
  void copyIsMadeBeforeTheFirstStartOnTrialAndNotAgain() throws Exception {
    OldState.make(database(), OldState.LAST_PLAIN, 1);
    settle("on_trial", "confirmed");
    assertEquals(OldState.LAST_PLAIN, version(before()));
    ServerTables.open(database()).close();
    settle("on_trial", "confirmed");
    assertEquals(OldState.LAST_PLAIN, version(before()));
    assertEquals(1, told.size(), told::toString);
    settle("confirmed", "confirmed");
    assertFalse(Files.exists(before()));
  }

  @Test
  void copyComesBackWhereTheTrialFailed() throws Exception {
    ServerTables.open(database()).close();
    Files.copy(database(), before());
    makeLater();
    assertThrows(SoleboxException.class, () -> ServerTables.open(database()));
    settle("confirmed", "failed");
    ServerTables.open(database()).close();
    assertTrue(Files.exists(folder.resolve("server.db.tried-by-update")));
    assertFalse(Files.exists(before()));
    settle("confirmed", "failed");
    assertEquals(1, told.size(), told::toString);
  }

  @Test
  void whatCanBeOpenedStays() throws Exception {
    OldState.make(database(), OldState.LAST_PLAIN, 1);
    Files.copy(database(), before());
    ServerTables.open(database()).close();
    settle("confirmed", "failed");
    assertEquals(ServerTables.SCHEMA.latest(), version(database()));
    assertEquals(List.of(), told);
  }
}
