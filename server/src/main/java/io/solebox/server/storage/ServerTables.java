package io.solebox.server.storage;

import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import io.solebox.storage.Schema;
import java.nio.file.Path;
import java.util.List;

/** The database of a server: its tables, and how it is opened. */
public final class ServerTables {
  public static final Schema SCHEMA =
      new Schema(
          "The server",
          "name another folder with --state",
          "Restore a backup with 'solebox state restore', or move the file away and begin anew.",
          name -> ServerTables.class.getResourceAsStream(name),
          List.of(
              "1-stored-answers.sql",
              "2-items-by-id.sql",
              "3-response-events.sql",
              "4-audit.sql",
              "5-accounts.sql",
              "6-usage.sql",
              "7-sealed-texts.sql",
              "8-factors.sql",
              "9-key-receipts.sql",
              "10-chats.sql",
              "11-knowledge.sql",
              "12-tools.sql",
              "13-agents.sql",
              "14-words.sql",
              "15-tool-audiences.sql",
              "16-hardware.sql"));

  private ServerTables() {}

  /**
   * As {@link Database#open}.
   *
   * @throws SoleboxException {@code IO_ERROR}
   */
  public static Database open(Path file) {
    return Database.open(file, SCHEMA);
  }
}
