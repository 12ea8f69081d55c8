package io.solebox.server.audit;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.box.BoxKey;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
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
    return new AuditBook(folder, ServerTables.open(file));
  }

  /** The log of a database that is open, and stays so. */
  public static AuditBook of(Database database) {
    return new AuditBook(database.file().getParent(), database);
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

  /**
   * Signs the end of the log, and writes all of it to a file.
   *
   * @param file must not be there
   * @return the head that covers it
   * @throws SoleboxException {@code IO_ERROR}; {@code INVALID_PARAMETER} where there is an entry
   *     that nobody can read
   */
  public Head export(Path file) {
    return export(Entry.CONSOLE, file);
  }

  /**
   * The same for somebody else.
   *
   * @param actor as {@link Entry} calls them
   */
  public Head export(String actor, Path file) {
    AuditLog log = AuditLog.of(database, folder);
    log.append(new Entry("audit.export", actor, file.getFileName().toString()));
    Head last = log.sign().orElseThrow();
    List<Link> links = new ArrayList<>();
    reader().all(recorded -> add(recorded, last, links));
    List<Head> heads =
        reader().heads().stream().filter(head -> head.number() <= last.number()).toList();
    AuditFile.write(file, log.key(), heads, links);
    return last;
  }

  private static void add(Recorded recorded, Head last, List<Link> links) {
    switch (recorded) {
      case Recorded.Readable(Link link) -> {
        if (link.seq() <= last.seq()) {
          links.add(link);
        }
      }
      case Recorded.Unreadable(long seq, String why) ->
          throw new SoleboxException(
              ErrorCode.INVALID_PARAMETER,
              "entry " + seq,
              "It was changed: " + why + ".",
              "See 'solebox audit verify'; copy the state's folder as it is.");
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
