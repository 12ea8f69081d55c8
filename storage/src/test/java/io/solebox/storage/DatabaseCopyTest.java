package io.solebox.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database is copied as it is, and the copy goes its own way. */
class DatabaseCopyTest {
  private static final Schema NOTES =
      new Schema(
          "The test",
          "name another folder",
          "Begin anew.",
          name -> DatabaseCopyTest.class.getResourceAsStream(name),
          List.of("1-notes.sql"));

  @TempDir private Path folder;

  private static List<String> notes(Database database) {
    return database.read(sql -> sql.list(row -> row.getString(1), "SELECT text FROM note"));
  }

  private static void add(Database database, String text) {
    database.transaction(sql -> sql.update("INSERT INTO note (text) VALUES (?)", text));
  }

  @Test
  void theCopyGoesItsOwnWay() throws IOException {
    Path copy = folder.resolve("copy.db");
    try (Database database = Database.open(folder.resolve("notes.db"), NOTES)) {
      add(database, "a");
      database.copyTo(copy);
      assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
      add(database, "b");
      try (Database other = Database.open(copy, NOTES)) {
        add(other, "c");
        assertEquals(List.of("a", "c"), notes(other));
      }
      assertEquals(List.of("a", "b"), notes(database));
      assertThrows(SoleboxException.class, () -> database.copyTo(copy), "nothing is written over");
      assertEquals(List.of("a", "b"), notes(database));
    }
  }
}
