package io.solebox.server.seal;

import io.solebox.server.storage.Belonging;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** All that is kept of one owner, wherever it is kept. Safe for many threads. */
public final class Belongings {
  private final Vault vault;
  private final List<Belonging> parts;

  public Belongings(Vault vault, List<Belonging> parts) {
    this.vault = vault;
    this.parts = List.copyOf(parts);
  }

  /**
   * Writes it all, opened, as a ZIP archive: JSON for what was said, and files as they came.
   *
   * @param to left open
   */
  public void export(String owner, OutputStream to) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(to);
    for (Belonging part : parts) {
      part.export(
          owner,
          (name, content) -> {
            zip.putNextEntry(new ZipEntry(name));
            content.transferTo(zip);
            zip.closeEntry();
          });
    }
    zip.finish();
  }

  /**
   * Deletes it all and destroys the owner's key, so that nobody can read it in any backup either;
   * nothing more is ever kept for this owner.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code IO_ERROR}, and nothing has changed;
   *     {@code IN_USE} if it is done, and the journal still holds the key: do it again
   */
  public void delete(String owner) {
    vault.database().transaction(sql -> delete(sql, owner)).run();
  }

  /**
   * The same as a part of something larger.
   *
   * @param sql of the transaction, on the file of this
   * @return what remains to be done when that is over, and throws as {@link #delete(String)}
   */
  public Runnable delete(Sql sql, String owner) throws SQLException {
    List<Runnable> rest = new ArrayList<>();
    for (Belonging part : parts) {
      rest.add(part.delete(sql, owner));
    }
    sql.deferReferences(); // rows of one table may name those of another
    for (String table : Owners.tables(sql)) {
      sql.update("DELETE FROM " + table + " WHERE owner = ?", owner);
    }
    vault.destroyKey(sql, owner);
    return () -> {
      rest.forEach(Runnable::run);
      vault.database().forgetDeleted();
    };
  }
}
