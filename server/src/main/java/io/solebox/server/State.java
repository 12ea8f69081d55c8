package io.solebox.server;

import io.solebox.server.batches.BatchBelongings;
import io.solebox.server.chats.PageBelongings;
import io.solebox.server.files.FileBelongings;
import io.solebox.server.files.FileStore;
import io.solebox.server.knowledge.store.KnowledgeBelongings;
import io.solebox.server.openai.ChatBelongings;
import io.solebox.server.responses.ResponseBelongings;
import io.solebox.server.seal.Belongings;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.server.tools.ToolBelongings;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** What a server keeps, for commands that work on it beside one, or without. */
public final class State implements AutoCloseable {
  private final Database database;
  private final Belongings belongings;

  private State(Database database, Belongings belongings) {
    this.database = database;
    this.belongings = belongings;
  }

  /**
   * Opens it, and brings it up to date.
   *
   * @param file as {@code server.db} in the folder of the state
   * @param passphrase asked where it is locked with one
   */
  public static State open(Path file, Passphrase.Source passphrase) {
    Database database = ServerTables.open(file);
    try {
      Vault vault = Vault.open(database, passphrase, System.err);
      Clock clock = Clock.systemUTC();
      Path folder = database.file().resolveSibling("files");
      return new State(database, belongings(vault, new FileStore(vault, folder, clock), clock));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  static Belongings belongings(Vault vault, FileStore files, Clock clock) {
    return new Belongings(
        vault,
        List.of(
            new ResponseBelongings(vault, clock),
            new ChatBelongings(vault),
            new PageBelongings(vault),
            new ToolBelongings(vault.database()),
            new BatchBelongings(vault),
            new KnowledgeBelongings(vault),
            new FileBelongings(files)));
  }

  public Database database() {
    return database;
  }

  /** What is kept of owners. */
  public Belongings belongings() {
    return belongings;
  }

  @Override
  public void close() {
    database.close();
  }
}
