package io.solebox.server.seal;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Seals files that were kept as they came. The sealed one lies beside the plain one before its row
 * says so, and the plain one goes after: whenever that is broken off, one of the two is whole.
 */
final class PlainFiles {
  private final Vault vault;
  private final Path folder;
  private final JsonWriter json = new JsonWriter();

  PlainFiles(Vault vault, Path folder) {
    this.vault = vault;
    this.folder = folder;
  }

  private record Row(
      long place,
      String id,
      String owner,
      long created,
      Optional<Long> expires,
      String purpose,
      long bytes,
      String about) {}

  void seal(PlainTables tables) {
    Optional<Row> next = next(Long.MIN_VALUE);
    while (next.isPresent()) {
      Row row = next.get();
      try {
        copy(row);
        vault.database().transaction(sql -> move(sql, row));
        Files.deleteIfExists(folder.resolve(row.id()));
      } catch (IOException e) {
        throw new SoleboxException(
            ErrorCode.IO_ERROR,
            folder.resolve(row.id()).toString(),
            "A file cannot be sealed: " + e.getMessage() + ".",
            "See that there is space for another file as large, and that the folder can be"
                + " written; the next start goes on.",
            e);
      }
      tables.advance();
      next = next(row.place());
    }
    sweep();
  }

  /** What a start that was broken off has sealed, and not deleted. */
  private void sweep() {
    List<String> ids =
        vault.database().read(sql -> sql.list(row -> row.getString(1), "SELECT id FROM file"));
    try {
      for (String id : ids) {
        Files.deleteIfExists(folder.resolve(id));
      }
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          folder.toString(),
          "A file that is sealed now cannot be deleted as it was: " + e.getMessage() + ".",
          "See that the folder can be written; the next start goes on.",
          e);
    }
  }

  private Optional<Row> next(long behind) {
    return vault
        .database()
        .read(
            sql ->
                sql.first(
                    row -> {
                      Map<String, Object> about = new LinkedHashMap<>();
                      about.put("name", row.getString("name"));
                      about.put("digest", row.getString("digest"));
                      long time = row.getLong("expires");
                      Optional<Long> expires = row.wasNull() ? Optional.empty() : Optional.of(time);
                      return new Row(
                          row.getLong("place"),
                          row.getString("id"),
                          row.getString("owner"),
                          row.getLong("created"),
                          expires,
                          row.getString("purpose"),
                          row.getLong("bytes"),
                          json.text(about));
                    },
                    "SELECT rowid AS place, * FROM plain_file WHERE rowid > ?"
                        + " ORDER BY rowid LIMIT 1",
                    behind));
  }

  /** One whose file is gone is as it was before: known, and not to be read. */
  private void copy(Row row) throws IOException {
    Path part =
        Files.createTempFile(
            folder,
            "sealing",
            ".part",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (InputStream in = Files.newInputStream(folder.resolve(row.id()))) {
      try (OutputStream out = vault.fileKey(row.owner(), row.id()).write(part)) {
        in.transferTo(out);
      }
      Files.move(part, folder.resolve(row.id() + FileKey.SUFFIX), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      // See above.
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private int move(Sql sql, Row row) throws SQLException {
    sql.update(
        "INSERT INTO file (id, owner, created, expires, purpose, bytes, about)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        row.id(),
        row.owner(),
        row.created(),
        row.expires().orElse(null),
        row.purpose(),
        row.bytes(),
        vault.writing(sql, row.owner()).seal(Cells.file(row.id()), row.about()));
    return sql.update("DELETE FROM plain_file WHERE id = ?", row.id());
  }
}
