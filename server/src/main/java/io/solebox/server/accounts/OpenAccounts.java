package io.solebox.server.accounts;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/** The accounts of a state folder, for commands; a server may have it open as well. */
public final class OpenAccounts implements AutoCloseable {
  private static final String FILE = "server.db";

  private final Database database;
  private final Accounts accounts;

  private OpenAccounts(Database database) {
    this.database = database;
    AuditLog audit = AuditLog.of(database, database.file().getParent());
    this.accounts = new Accounts(database, audit, Clock.systemUTC());
  }

  /**
   * Makes the file where there is none.
   *
   * @throws SoleboxException {@code IO_ERROR} if it cannot be used
   */
  public static OpenAccounts in(Path folder) {
    return new OpenAccounts(ServerTables.open(folder.resolve(FILE)));
  }

  /** Empty where no server has kept anything yet. */
  public static Optional<OpenAccounts> existing(Path folder) {
    return Files.exists(folder.resolve(FILE)) ? Optional.of(in(folder)) : Optional.empty();
  }

  /** Whether somebody has an account there. */
  public static boolean anyIn(Path folder) {
    Optional<OpenAccounts> there = existing(folder);
    if (there.isEmpty()) {
      return false;
    }
    try (OpenAccounts open = there.get()) {
      return !open.accounts.store().isEmpty();
    }
  }

  public Accounts accounts() {
    return accounts;
  }

  /** Where they lie. */
  public Database database() {
    return database;
  }

  @Override
  public void close() {
    database.close();
  }
}
