package io.solebox.server.audit;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.box.BoxKey;
import io.solebox.server.storage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.Optional;

/** The log in the folder of a box, for whoever reads it there; a server may run meanwhile. */
public final class AuditBook implements AutoCloseable {
  private final Path folder;
  private final Database database;

  private AuditBook(Path folder, Database database) {
    this.folder = folder;
    this.database = database;
  }

  /**
   * @param folder of the box
   * @throws SoleboxException {@code IO_ERROR} where there is no log, or it cannot be read
   */
  public static AuditBook open(Path folder) {
    Path file = folder.resolve("server.db");
    if (!Files.exists(file)) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "There is no state of a server, and no audit log.",
          "Start 'solebox serve', or name its folder with --state.");
    }
    return new AuditBook(folder, Database.open(file));
  }

  public AuditReader reader() {
    return new AuditReader(database);
  }

  /** Of the box; empty where it has none. */
  public Optional<PublicKey> publicKey() {
    return BoxKey.existsIn(folder) ? Optional.of(BoxKey.in(folder).publicKey()) : Optional.empty();
  }

  /**
   * Looks at all of it.
   *
   * @param known an entry that must be there
   */
  public Verdict check(Optional<AuditCheck.Known> known) {
    AuditReader reader = reader();
    AuditCheck check = new AuditCheck(reader.heads(), publicKey(), known);
    reader.all(check::take);
    return check.verdict();
  }

  @Override
  public void close() {
    database.close();
  }
}
