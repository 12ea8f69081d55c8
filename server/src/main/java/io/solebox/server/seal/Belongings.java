package io.solebox.server.seal;

import io.solebox.server.storage.Belonging;
import java.io.IOException;
import java.io.OutputStream;
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
    List<Runnable> rest =
        vault
            .database()
            .transaction(
                sql -> {
                  List<Runnable> after = new ArrayList<>();
                  for (Belonging part : parts) {
                    after.add(part.delete(sql, owner));
                  }
                  vault.destroyKey(sql, owner);
                  return after;
                });
    rest.forEach(Runnable::run);
    vault.database().forgetDeleted();
  }
}
