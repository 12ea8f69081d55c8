package io.solebox.server.files;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.HandOver;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Files that people have sent and batches have written, each for its owner alone: a row, and a file
 * of its id in one folder, sealed. A row is written when its file is there, and goes before it: so
 * there is no row without a file, and a file without a row is deleted later, and at the next start.
 */
public final class FileStore implements Expiry {
  private static final String LIVES = "(expires IS NULL OR expires > ?)";

  private final Vault vault;
  private final Database database;
  private final FileFolder folder;
  private final Clock clock;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  /**
   * What is known of a file.
   *
   * @param created seconds since 1970, as {@code expires}
   * @param digest SHA-256, in hexadecimal
   */
  public record StoredFile(
      String id,
      long created,
      Optional<Long> expires,
      String name,
      String purpose,
      long bytes,
      String digest) {}

  /** What is said of a new file. */
  public record Description(String owner, String name, String purpose, Optional<Long> lifetime) {}

  /**
   * Sweeps what an earlier process left half written, unless another server is using the folder.
   *
   * @param folder made where it is missing
   */
  public FileStore(Vault vault, Path folder, Clock clock) {
    this.vault = vault;
    this.database = vault.database();
    this.folder = new FileFolder(folder);
    this.clock = clock;
    if (database.leadership().isOurs()) {
      this.folder.sweep(
          () -> database.read(sql -> sql.list(row -> row.getString(1), "SELECT id FROM file")));
    }
  }

  /**
   * Begins a file.
   *
   * @param owner whose it will be
   */
  public NewFile begin(String owner) {
    String id = NewFile.newId();
    return new NewFile(folder.folder(), id, vault.fileKey(owner, id));
  }

  /**
   * A file that is written and not known yet.
   *
   * @param id that it will have
   * @param path moved when it is taken
   */
  public record Draft(String id, Path path, long bytes, String digest, Description about) {
    private StoredFile stored(long now) {
      return new StoredFile(
          id,
          now,
          about.lifetime().map(seconds -> now + seconds),
          about.name(),
          about.purpose(),
          bytes,
          digest);
    }

    /** It is not wanted any more. */
    public void discard() {
      FileFolder.discard(path);
    }
  }

  /** Takes a file. */
  public StoredFile add(Draft draft) {
    StoredFile file = draft.stored(now());
    add(List.of(draft), _ -> file);
    return file;
  }

  /**
   * Takes files and does {@code more}: all of that or nothing, and then the drafts are gone.
   *
   * @param more in the transaction that makes them known
   * @throws SoleboxException {@code IO_ERROR}
   */
  public <T> T add(List<Draft> drafts, Database.Work<T> more) {
    long now = now();
    boolean known = false;
    try {
      for (Draft draft : drafts) {
        folder.take(draft.id(), draft.path());
      }
      T result =
          database.transaction(
              sql -> {
                for (Draft draft : drafts) {
                  insert(sql, draft.stored(now), draft.about().owner());
                }
                return more.run(sql);
              });
      known = true;
      return result;
    } finally {
      if (!known) {
        drafts.forEach(Draft::discard);
        drafts.forEach(draft -> FileFolder.discard(path(draft.id())));
      }
    }
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private int insert(Sql sql, StoredFile file, String owner) throws SQLException {
    Map<String, Object> about = new LinkedHashMap<>();
    about.put("name", file.name());
    about.put("digest", file.digest());
    return sql.update(
        "INSERT INTO file (id, owner, created, expires, purpose, bytes, about)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        file.id(),
        HandOver.owner(sql, owner),
        file.created(),
        file.expires().orElse(null),
        file.purpose(),
        file.bytes(),
        vault.writing(sql, owner).seal(Cells.file(file.id()), json.text(about)));
  }

  private StoredFile read(OwnerTexts texts, ResultSet row) throws SQLException {
    String id = row.getString("id");
    long time = row.getLong("expires");
    Optional<Long> expires = row.wasNull() ? Optional.empty() : Optional.of(time);
    Map<String, Object> about =
        reader.readObject(texts.openBytes(Cells.file(id), row.getBytes("about")));
    return new StoredFile(
        id,
        row.getLong("created"),
        expires,
        (String) about.get("name"),
        row.getString("purpose"),
        row.getLong("bytes"),
        (String) about.get("digest"));
  }

  /** All of an owner, the oldest first. */
  public List<StoredFile> all(String owner) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.list(
              row -> read(texts, row),
              "SELECT * FROM file WHERE owner = ? AND " + LIVES + " ORDER BY created, rowid",
              owner,
              now());
        });
  }

  public Optional<StoredFile> find(String id, String owner) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.first(
              row -> read(texts, row),
              "SELECT * FROM file WHERE id = ? AND owner = ? AND " + LIVES,
              id,
              owner,
              now());
        });
  }

  /**
   * What is in a file.
   *
   * @throws IOException also while it is read, if it was changed since it was written
   */
  public InputStream read(String id, String owner) throws IOException {
    return vault.fileKey(owner, id).read(path(id));
  }

  /** Where the content of a file lies, sealed. */
  Path path(String id) {
    return folder.path(id);
  }

  /**
   * Returns whether there was one.
   *
   * @throws SoleboxException {@code IO_ERROR}, and it is still there, or nobody knows it any more
   *     and its content is deleted later
   */
  public boolean delete(String id, String owner) {
    boolean found =
        database.transaction(
            sql -> sql.update("DELETE FROM file WHERE id = ? AND owner = ?", id, owner) > 0);
    if (found) {
      folder.remove(id);
    }
    return found;
  }

  /**
   * Those with a time of their own go by that; what a batch still reads, or a vector store has,
   * stays.
   */
  @Override
  public Map<String, Integer> expire(Deadlines deadlines, Consumer<SoleboxException> troubles) {
    int left = folder.removeLeft(troubles);
    int timed = deleteWhere(troubles, "expires <= ?", now());
    int old =
        Owners.expire(
            database, "file", deadlines, (owner, before) -> deleteOld(owner, before, troubles));
    return Map.of("files", left + timed + old);
  }

  private int deleteOld(String owner, long before, Consumer<SoleboxException> troubles) {
    return deleteWhere(
        troubles,
        "owner = ? AND expires IS NULL AND created < ? AND id NOT IN (SELECT input_file FROM batch"
            + " WHERE status IN ('validating', 'in_progress', 'finalizing', 'cancelling'))"
            + " AND id NOT IN (SELECT file FROM knowledge_document)",
        owner,
        before);
  }

  /** Whether anything of this owner is kept. */
  public boolean keeps(String owner) {
    return vault.keeps(owner);
  }

  private int deleteWhere(Consumer<SoleboxException> troubles, String condition, Object... values) {
    List<Owned> old =
        database.read(
            sql ->
                sql.list(
                    row -> new Owned(row.getString(1), row.getString(2)),
                    "SELECT id, owner FROM file WHERE " + condition,
                    values));
    int gone = 0;
    for (Owned file : old) {
      try {
        gone += delete(file.id(), file.owner()) ? 1 : 0;
      } catch (SoleboxException e) {
        troubles.accept(e);
      }
    }
    return gone;
  }

  private record Owned(String id, String owner) {}
}
