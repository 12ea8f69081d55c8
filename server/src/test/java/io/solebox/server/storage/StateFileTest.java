package io.solebox.server.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class StateFileTest {
  @TempDir private Path folder;

  private static int add(Database database, String id) {
    return database.transaction(
        sql ->
            sql.update(
                "INSERT INTO conversation (id, owner, created, used, metadata)"
                    + " VALUES (?, '', 1, 1, '{}')",
                id));
  }

  private static List<String> ids(Database database) {
    return database.read(
        sql -> sql.list(row -> row.getString(1), "SELECT id FROM conversation ORDER BY id"));
  }

  @Test
  void itIsCopiedWhileAServerWritesToIt() throws IOException {
    Path file = folder.resolve("server.db");
    Path copy = folder.resolve("copy.db");
    try (Database database = ServerTables.open(file)) {
      add(database, "a");
      database.transaction(
          sql -> {
            sql.update(
                "INSERT INTO conversation (id, owner, created, used, metadata)"
                    + " VALUES ('half', '', 1, 1, '{}')");
            try (StateFile state = StateFile.open(file)) {
              state.copyTo(copy);
            }
            return "written";
          });
      add(database, "b");
      assertEquals(List.of("a", "b", "half"), ids(database));
    }
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
    try (Database database = ServerTables.open(copy)) {
      assertEquals(List.of("a"), ids(database));
    }
  }

  @Test
  void whatIsThereIsNotWrittenOver() throws IOException {
    Path file = folder.resolve("server.db");
    Path copy = Files.writeString(folder.resolve("copy.db"), "mine");
    ServerTables.open(file).close();
    try (StateFile state = StateFile.open(file)) {
      assertThrows(SoleboxException.class, () -> state.copyTo(copy));
    }
    assertEquals("mine", Files.readString(copy));
  }

  @Test
  void aCheckFindsDamageAndChangesNothing() throws IOException {
    Path file = folder.resolve("server.db");
    try (Database database = ServerTables.open(file)) {
      for (int i = 0; i < 200; i++) {
        add(database, "c" + i);
      }
    }
    try (StateFile state = StateFile.open(file)) {
      assertEquals(List.of(), state.check().damages());
      assertEquals(ServerTables.SCHEMA.latest(), state.check().version());
    }
    byte[] bytes = Files.readAllBytes(file);
    int row = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf("c199");
    int page = row - row % 4096;
    for (int i = page; i < page + 96; i++) {
      bytes[i] ^= 0x55;
    }
    Files.write(file, bytes);
    try (StateFile state = StateFile.open(file)) {
      assertTrue(!state.check().damages().isEmpty());
    }
  }

  @Test
  void whereNothingWasKeptThereIsNothingToLookAt() {
    assertThrows(SoleboxException.class, () -> StateFile.open(folder.resolve("server.db")));
  }
}
