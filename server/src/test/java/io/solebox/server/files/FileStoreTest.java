package io.solebox.server.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.FileStore.StoredFile;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileStoreTest {
  @TempDir private Path folder;
  private Database database;
  private FileStore files;

  @BeforeEach
  void open() {
    database = ServerTables.open(folder.resolve("server.db"));
    files = at(Clock.systemUTC());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private FileStore at(Clock clock) {
    return new FileStore(vault(database), folder.resolve("files"), clock);
  }

  private static Vault vault(Database database) {
    return Vault.open(database, Passphrase.NONE, System.err);
  }

  private StoredFile add(String name, Optional<Long> lifetime) throws IOException {
    Description about = new Description("", name, "user_data", lifetime);
    try (NewFile file = files.begin("")) {
      file.open().close();
      return files.add(file.described(about));
    }
  }

  /** What no program can delete as a file. */
  private void block(StoredFile file) throws IOException {
    Files.deleteIfExists(files.path(file.id()));
    Files.createDirectories(files.path(file.id()).resolve("inside"));
  }

  private void free(StoredFile file) throws IOException {
    Files.delete(files.path(file.id()).resolve("inside"));
  }

  @Test
  void whatCannotBeDeletedKeepsNothingElse() throws IOException {
    StoredFile first = add("a", Optional.empty());
    StoredFile second = add("b", Optional.empty());
    StoredFile third = add("c", Optional.empty());
    block(first);
    Deadlines later =
        new Deadlines(
            first.created() + 1000, Optional.of(Duration.ofSeconds(1)), Keeping.AS_THE_SERVER);
    List<SoleboxException> troubles = new ArrayList<>();
    assertEquals(Map.of("files", 2), files.expire(later, troubles::add));
    assertEquals(1, troubles.size());
    assertEquals(files.path(first.id()).toString(), troubles.getFirst().place());
    assertTrue(Files.notExists(files.path(second.id())));
    assertTrue(Files.notExists(files.path(third.id())));
    free(first);
    assertEquals(Map.of("files", 1), files.expire(later, troubles::add));
    assertEquals(List.of(), files.all(""));
    assertEquals(1, troubles.size());
  }

  @Test
  void whatCannotBeDeletedIsKnownNoMoreAndGoesLater() throws IOException {
    StoredFile first = add("a", Optional.empty());
    StoredFile second = add("b", Optional.empty());
    for (StoredFile file : List.of(first, second)) {
      block(file);
      SoleboxException e = assertThrows(SoleboxException.class, () -> files.delete(file.id(), ""));
      assertEquals(ErrorCode.IO_ERROR, e.code());
      free(file);
    }
    assertEquals(List.of(), files.all(""));
    Deadlines never = new Deadlines(first.created(), Optional.empty(), Keeping.AS_THE_SERVER);
    block(second);
    List<SoleboxException> troubles = new ArrayList<>();
    assertEquals(Map.of("files", 1), files.expire(never, troubles::add));
    assertTrue(Files.notExists(files.path(first.id())));
    assertEquals(files.path(second.id()).toString(), troubles.getFirst().place());
    free(second);
    at(Clock.systemUTC());
    assertTrue(Files.notExists(files.path(second.id())));
  }

  /** What refers to a file keeps it until the transaction ends. */
  @Test
  void aDeletionThatIsNotCommittedLosesNothing() throws IOException {
    StoredFile file = add("a", Optional.empty());
    database.transaction(
        sql ->
            sql.update(
                    "CREATE TABLE holder (file TEXT REFERENCES file (id)"
                        + " DEFERRABLE INITIALLY DEFERRED)")
                + sql.update("INSERT INTO holder (file) VALUES (?)", file.id()));
    assertThrows(SoleboxException.class, () -> files.delete(file.id(), ""));
    assertEquals(List.of(file), files.all(""));
    files.read(file.id(), "").close();
  }

  @Test
  void whatHasHadItsTimeIsNotSeen() throws IOException {
    StoredFile timed = add("a", Optional.of(3600L));
    StoredFile kept = add("b", Optional.empty());
    block(timed);
    FileStore later = at(Clock.offset(Clock.systemUTC(), Duration.ofHours(2)));
    assertEquals(List.of(kept), later.all(""));
    assertEquals(Optional.empty(), later.find(timed.id(), ""));
    assertEquals(List.of(timed, kept), files.all(""));
  }

  /** Another server may be writing there. */
  @Test
  void onlyTheFirstOfSeveralServersSweeps() throws IOException {
    assertTrue(database.leadership().isOurs());
    Path part = Files.createTempFile(folder.resolve("files"), "upload", ".part");
    try (Database other = ServerTables.open(folder.resolve("server.db"))) {
      new FileStore(vault(other), folder.resolve("files"), Clock.systemUTC());
      assertTrue(Files.exists(part));
    }
    at(Clock.systemUTC());
    assertTrue(Files.notExists(part));
  }
}
