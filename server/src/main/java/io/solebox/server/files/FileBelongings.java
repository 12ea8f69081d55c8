package io.solebox.server.files;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.files.FileStore.StoredFile;
import io.solebox.server.storage.Belonging;
import io.solebox.storage.Sql;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import java.util.List;

/** The files of an owner: each as it came, and what is known of it. */
public final class FileBelongings implements Belonging {
  private final FileStore store;
  private final JsonWriter json = new JsonWriter();

  public FileBelongings(FileStore store) {
    this.store = store;
  }

  @Override
  public void export(String owner, Taker taker) throws IOException {
    for (StoredFile file : store.all(owner)) {
      taker.take(
          "files/" + file.id() + ".json",
          new ByteArrayInputStream(json.bytes(FilesApi.body(file))));
      try (InputStream content = store.read(file.id(), owner)) {
        taker.take("files/" + file.id(), content);
      } catch (NoSuchFileException e) {
        // It was deleted meanwhile.
      }
    }
  }

  /** Of a file that cannot be deleted nobody has the key; the next start deletes it. */
  @Override
  public Runnable delete(Sql sql, String owner) throws SQLException {
    List<String> ids =
        sql.list(row -> row.getString(1), "SELECT id FROM file WHERE owner = ?", owner);
    return () -> ids.forEach(id -> FileFolder.discard(store.path(id)));
  }
}
