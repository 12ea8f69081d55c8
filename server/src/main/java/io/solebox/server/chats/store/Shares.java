package io.solebox.server.chats.store;

import io.solebox.server.seal.Vault;
import io.solebox.storage.Database;
import io.solebox.storage.Ids;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Chats that others may read. */
public final class Shares {
  private final Database database;

  public Shares(Vault vault) {
    this.database = vault.database();
  }

  /**
   * That a chat may be read.
   *
   * @param owner whose the chat is
   * @param everyone whoever is let in by this server
   * @param readers who else, by what is kept for them
   */
  public record Share(
      String id, String owner, String chat, boolean everyone, List<String> readers) {
    /** Whether somebody may read it. */
    public boolean isFor(String reader) {
      return everyone || owner.equals(reader) || readers.contains(reader);
    }
  }

  /**
   * Shares a chat, or says anew with whom; its id stays.
   *
   * @return empty where there is no such chat
   */
  public Optional<Share> share(
      String owner, String chat, boolean everyone, List<String> readers, long now) {
    return database.transaction(
        sql -> {
          sql.update(
              "INSERT INTO chat_share (id, chat, created, everyone)"
                  + " SELECT ?, id, ?, ? FROM chat WHERE id = ? AND owner = ?"
                  + " ON CONFLICT (chat) DO UPDATE SET everyone = excluded.everyone",
              Ids.of("share"),
              now,
              everyone ? 1 : 0,
              chat,
              owner);
          Optional<Share> share = ofChat(sql, owner, chat);
          if (share.isPresent()) {
            String id = share.get().id();
            sql.update("DELETE FROM chat_share_reader WHERE share = ?", id);
            for (String reader : readers) {
              sql.update(
                  "INSERT INTO chat_share_reader (share, reader) VALUES (?, ?)"
                      + " ON CONFLICT DO NOTHING",
                  id,
                  reader);
            }
          }
          return ofChat(sql, owner, chat);
        });
  }

  /** How a chat is shared. */
  public Optional<Share> ofChat(String owner, String chat) {
    return database.read(sql -> ofChat(sql, owner, chat));
  }

  private static Optional<Share> ofChat(Sql sql, String owner, String chat) throws SQLException {
    return find(sql, "chat = ? AND owner = ?", chat, owner);
  }

  public Optional<Share> find(String id) {
    return database.read(sql -> find(sql, "chat_share.id = ?", id));
  }

  private static Optional<Share> find(Sql sql, String where, Object... values) throws SQLException {
    Optional<Share> share =
        sql.first(
            row ->
                new Share(
                    row.getString(1),
                    row.getString(2),
                    row.getString(3),
                    row.getInt(4) == 1,
                    List.of()),
            "SELECT chat_share.id, owner, chat, everyone FROM chat_share"
                + " JOIN chat ON chat.id = chat WHERE "
                + where,
            values);
    if (share.isEmpty()) {
      return share;
    }
    Share its = share.get();
    List<String> readers =
        sql.list(
            row -> row.getString(1),
            "SELECT reader FROM chat_share_reader WHERE share = ?",
            its.id());
    return Optional.of(new Share(its.id(), its.owner(), its.chat(), its.everyone(), readers));
  }

  /** Nobody else may read it any more; returns whether somebody could. */
  public boolean end(String owner, String chat) {
    return database.transaction(
        sql ->
            sql.update(
                    "DELETE FROM chat_share WHERE chat ="
                        + " (SELECT id FROM chat WHERE id = ? AND owner = ?)",
                    chat,
                    owner)
                > 0);
  }
}
