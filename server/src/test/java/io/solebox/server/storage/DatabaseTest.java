package io.solebox.server.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DatabaseTest {
  private static final String INSERT =
      "INSERT INTO conversation (id, owner, created, used, metadata) VALUES (?, ?, ?, ?, ?)";

  @TempDir private Path folder;

  private static int add(Database database, String id) {
    return database.transaction(sql -> sql.update(INSERT, id, "", 1L, 1L, "{}"));
  }

  private static List<String> ids(Database database) {
    return database.transaction(
        sql -> sql.list(row -> row.getString(1), "SELECT id FROM conversation ORDER BY id"));
  }

  @Test
  void whatIsWrittenIsThereAfterAnotherStart() {
    Path file = folder.resolve("state").resolve("server.db");
    try (Database database = Database.open(file)) {
      assertEquals(1, add(database, "a"));
      add(database, "b");
    }
    try (Database database = Database.open(file)) {
      assertEquals(List.of("a", "b"), ids(database));
    }
  }

  @Test
  void theItemsOfAnEarlierVersionAreFound() {
    Path file = folder.resolve("server.db");
    try (Database database = Database.open(file)) {
      database.transaction(
          sql -> {
            sql.update("DROP TABLE response_event");
            sql.update("DROP TABLE response_item");
            sql.update("DROP INDEX conversation_item_alone");
            sql.update("DELETE FROM schema_version WHERE version >= 2");
            return sql.update(
                "INSERT INTO response (id, owner, created, status, input, body)"
                    + " VALUES ('resp_1', '', 1, 'completed', ?, ?)",
                "[{\"id\":\"msg_in\"}]",
                "{\"output\":[{\"id\":\"rs_1\"},{\"id\":\"msg_out\"}]}");
          });
    }
    try (Database database = Database.open(file)) {
      assertEquals(
          List.of("msg_in", "msg_out", "rs_1"),
          database.transaction(
              sql ->
                  sql.list(row -> row.getString(1), "SELECT id FROM response_item ORDER BY id")));
    }
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    Path file = folder.resolve("state").resolve("server.db");
    try (Database database = Database.open(file)) {
      add(database, "a");
      try (Stream<Path> files = Files.list(file.getParent())) {
        for (Path each : files.filter(path -> path.toString().contains(".db")).toList()) {
          assertEquals(
              "rw-------",
              PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
              each::toString);
        }
      }
    }
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
  }

  @Test
  void whatThrowsChangesNothing() {
    try (Database database = Database.open(folder.resolve("server.db"))) {
      assertThrows(
          IllegalStateException.class,
          () ->
              database.transaction(
                  sql -> {
                    sql.update(INSERT, "a", "", 1L, 1L, "{}");
                    throw new IllegalStateException("half way");
                  }));
      assertThrows(
          SoleboxException.class,
          () ->
              database.transaction(
                  sql -> {
                    sql.update(INSERT, "a", "", 1L, 1L, "{}");
                    return sql.update(INSERT, "a", "", 1L, 1L, "{}");
                  }));
      assertEquals(List.of(), ids(database));
    }
  }

  @Test
  void twoCanHaveItOpen() {
    Path file = folder.resolve("server.db");
    try (Database one = Database.open(file);
        Database other = Database.open(file)) {
      add(one, "a");
      add(other, "b");
      assertEquals(List.of("a", "b"), ids(one));
    }
  }

  @Test
  void manyThreadsTakeTurns() throws InterruptedException {
    try (Database database = Database.open(folder.resolve("server.db"))) {
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String name = "t" + i;
        threads.add(
            Thread.ofVirtual()
                .start(
                    () -> {
                      for (int j = 0; j < 20; j++) {
                        add(database, name + "-" + j);
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(160, ids(database).size());
    }
  }

  @Test
  void aLaterVersionIsLeftAlone() {
    Path file = folder.resolve("server.db");
    try (Database database = Database.open(file)) {
      database.transaction(
          sql -> sql.update("INSERT INTO schema_version (version) VALUES (?)", 999));
    }
    SoleboxException e = assertThrows(SoleboxException.class, () -> Database.open(file));
    assertEquals(ErrorCode.IO_ERROR, e.code());
    assertTrue(e.getMessage().contains("later version"), e::getMessage);
  }

  @Test
  void whatIsNoDatabaseIsRefusedAndKept() throws IOException {
    Path file = folder.resolve("server.db");
    Files.writeString(file, "my diary, which is long enough to be taken for something".repeat(100));
    SoleboxException e = assertThrows(SoleboxException.class, () -> Database.open(file));
    assertEquals(ErrorCode.IO_ERROR, e.code());
    assertTrue(Files.readString(file).startsWith("my diary"));
  }

  @Test
  void afterItsEndNothingIsTaken() {
    Database database = Database.open(folder.resolve("server.db"));
    database.close();
    database.close();
    assertEquals(
        Optional.of(ErrorCode.CLOSED),
        Optional.of(assertThrows(SoleboxException.class, () -> ids(database)).code()));
  }
}
