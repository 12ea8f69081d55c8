package io.solebox.server.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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
    try (Database database = ServerTables.open(file)) {
      assertEquals(1, add(database, "a"));
      add(database, "b");
    }
    try (Database database = ServerTables.open(file)) {
      assertEquals(List.of("a", "b"), ids(database));
    }
  }

  @Test
  void nobodyElseMayReadIt() throws IOException {
    Path file = folder.resolve("state").resolve("server.db");
    try (Database database = ServerTables.open(file)) {
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
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
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
    try (Database one = ServerTables.open(file);
        Database other = ServerTables.open(file)) {
      add(one, "a");
      add(other, "b");
      assertEquals(List.of("a", "b"), ids(one));
    }
  }

  @Test
  void manyThreadsTakeTurns() throws InterruptedException {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
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
  void whoReadsWaitsForNoWriter() {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      add(database, "a");
      database.transaction(
          sql -> {
            sql.update(INSERT, "b", "", 1L, 1L, "{}");
            assertEquals(List.of("a"), read(database), "as the last commit left it");
            return "written";
          });
      assertEquals(List.of("a", "b"), read(database));
    }
  }

  private static List<String> read(Database database) {
    return database.read(
        sql -> sql.list(row -> row.getString(1), "SELECT id FROM conversation ORDER BY id"));
  }

  @Test
  void whoReadsWritesNothing() {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      assertThrows(
          SoleboxException.class,
          () -> database.read(sql -> sql.update(INSERT, "a", "", 1L, 1L, "{}")));
      assertEquals(List.of(), ids(database));
      assertEquals(List.of(), read(database), "the next one reads all the same");
    }
  }

  @Test
  void manyReadAtOnceAndTheEndWaitsForThem() throws InterruptedException {
    Database database = ServerTables.open(folder.resolve("server.db"));
    add(database, "a");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<List<String>> seen = Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      threads.add(Thread.ofVirtual().start(() -> seen.add(read(database))));
    }
    threads.add(
        Thread.ofVirtual()
            .start(
                () ->
                    database.read(
                        sql -> {
                          inside.countDown();
                          awaitQuietly(goOn);
                          return seen.add(
                              sql.list(row -> row.getString(1), "SELECT id FROM conversation"));
                        })));
    inside.await();
    for (Thread thread : threads.subList(0, 32)) {
      thread.join();
    }
    threads.add(Thread.ofVirtual().start(database::close));
    goOn.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(Collections.nCopies(33, List.of("a")), seen);
    assertEquals(
        ErrorCode.CLOSED, assertThrows(SoleboxException.class, () -> read(database)).code());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Nothing of it is mended, and nothing deleted. */
  @Test
  void whatIsDamagedIsRefusedAndKept() throws IOException {
    Path file = folder.resolve("server.db");
    try (Database database = ServerTables.open(file)) {
      for (int i = 0; i < 200; i++) {
        add(database, "c" + i);
      }
    }
    byte[] damaged = Files.readAllBytes(file);
    for (int at = 4096; at < damaged.length; at += 4096) {
      Arrays.fill(damaged, at, at + 64, (byte) 0x5a);
    }
    Files.write(file, damaged);
    SoleboxException e = assertThrows(SoleboxException.class, () -> ServerTables.open(file));
    assertEquals(ErrorCode.IO_ERROR, e.code());
    assertEquals(file.toString(), e.place());
    assertTrue(e.getMessage().contains("damaged"), e::getMessage);
    assertTrue(e.remedy().contains("solebox state restore"), e::remedy);
    assertArrayEquals(damaged, Files.readAllBytes(file));
  }

  @Test
  void aScriptThatHasChangedIsNoticed() {
    Path file = folder.resolve("server.db");
    try (Database database = ServerTables.open(file)) {
      database.transaction(
          sql -> sql.update("UPDATE schema_version SET checksum = 'another' WHERE version = 2"));
    }
    SoleboxException e = assertThrows(SoleboxException.class, () -> ServerTables.open(file));
    assertTrue(e.getMessage().contains("2-items-by-id.sql"), e::getMessage);
  }

  @Test
  void nothingOfWhatWasDeletedIsLeft() throws IOException {
    Path file = folder.resolve("server.db");
    String marker = "a marker that nothing else has";
    try (Database database = ServerTables.open(file)) {
      database.transaction(sql -> sql.update(INSERT, "a", "", 1L, 1L, marker.repeat(1000)));
      database.forgetDeleted();
      assertTrue(Files.readString(file, StandardCharsets.ISO_8859_1).contains(marker));
      database.transaction(sql -> sql.update("DELETE FROM conversation"));
      database.forgetDeleted();
      try (Stream<Path> files = Files.list(folder)) {
        for (Path each : files.toList()) {
          assertFalse(
              Files.readString(each, StandardCharsets.ISO_8859_1).contains(marker), each::toString);
        }
      }
    }
  }

  @Test
  void aLaterVersionIsLeftAlone() {
    Path file = folder.resolve("server.db");
    try (Database database = ServerTables.open(file)) {
      database.transaction(
          sql -> sql.update("INSERT INTO schema_version (version) VALUES (?)", 999));
    }
    SoleboxException e = assertThrows(SoleboxException.class, () -> ServerTables.open(file));
    assertEquals(ErrorCode.IO_ERROR, e.code());
    assertTrue(e.getMessage().contains("later version"), e::getMessage);
  }

  @Test
  void whatIsNoDatabaseIsRefusedAndKept() throws IOException {
    Path file = folder.resolve("server.db");
    Files.writeString(file, "my diary, which is long enough to be taken for something".repeat(100));
    SoleboxException e = assertThrows(SoleboxException.class, () -> ServerTables.open(file));
    assertEquals(ErrorCode.IO_ERROR, e.code());
    assertTrue(Files.readString(file).startsWith("my diary"));
  }

  @Test
  void afterItsEndNothingIsTaken() {
    Database database = ServerTables.open(folder.resolve("server.db"));
    database.close();
    database.close();
    assertEquals(
        Optional.of(ErrorCode.CLOSED),
        Optional.of(assertThrows(SoleboxException.class, () -> ids(database)).code()));
  }
}
