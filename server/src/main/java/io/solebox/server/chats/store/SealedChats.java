package io.solebox.server.chats.store;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.OwnerTexts;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.HandOver;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chats that are kept, each for its owner alone. */
public final class SealedChats implements ChatStore {
  private static final String MESSAGES =
      "SELECT chat_message.id, chat_message.body FROM chat_message JOIN chat ON chat.id = chat"
          + " WHERE chat = ? AND owner = ? ORDER BY chat_message.rowid";

  private final Vault vault;
  private final Database database;
  private final ChatRows rows;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  public SealedChats(Vault vault) {
    this.vault = vault;
    this.database = vault.database();
    this.rows = new ChatRows(vault);
  }

  /** Whether anything of this owner is kept. */
  public boolean keeps(String owner) {
    return vault.keeps(owner);
  }

  @Override
  public void add(String owner, Chat chat, List<Message> messages) {
    database.transaction(
        sql -> {
          String theirs = HandOver.owner(sql, owner);
          rows.insert(sql, theirs, chat);
          write(sql, theirs, chat.id(), messages);
          return messages.size();
        });
  }

  @Override
  public Optional<Chat> find(String owner, String id) {
    return database.read(sql -> rows.find(sql, owner, id));
  }

  @Override
  public List<Message> messages(String owner, String chat) {
    return database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          return sql.list(
              row -> message(texts, chat, row.getString(1), row.getBytes(2)),
              MESSAGES,
              chat,
              owner);
        });
  }

  private Message message(OwnerTexts texts, String chat, String id, byte[] sealed) {
    return Message.of(reader.readObject(texts.openBytes(Cells.chatMessage(chat, id), sealed)));
  }

  @Override
  public Optional<Message> message(String owner, String chat, String id) {
    return database.read(sql -> message(sql, owner, chat, id));
  }

  private Optional<Message> message(Sql sql, String owner, String chat, String id)
      throws SQLException {
    OwnerTexts texts = vault.reading(sql, owner);
    return sql.first(
        row -> message(texts, chat, id, row.getBytes(1)),
        "SELECT chat_message.body FROM chat_message JOIN chat ON chat.id = chat"
            + " WHERE chat_message.id = ? AND chat = ? AND owner = ?",
        id,
        chat,
        owner);
  }

  private void write(Sql sql, String owner, String chat, List<Message> messages)
      throws SQLException {
    OwnerTexts texts = vault.writing(sql, owner);
    for (Message each : messages) {
      sql.update(
          "INSERT INTO chat_message (id, chat, parent, state, body) VALUES (?, ?, ?, ?, ?)"
              + " ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body",
          each.id(),
          chat,
          each.parent().orElse(null),
          each.state().word(),
          texts.seal(Cells.chatMessage(chat, each.id()), json.text(each.json())));
    }
  }

  @Override
  public Optional<Chat> change(String owner, String id, Changing change) {
    return database.transaction(
        sql -> {
          String theirs = HandOver.owner(sql, owner);
          Optional<Chat> found = rows.find(sql, theirs, id);
          if (found.isEmpty()) {
            return found;
          }
          Change made = change.of(found.get());
          rows.update(sql, theirs, found.get(), made.chat());
          for (String removed : made.removed()) {
            sql.update("DELETE FROM chat_message WHERE id = ? AND chat = ?", removed, id);
          }
          write(sql, theirs, id, made.written());
          return Optional.of(made.chat());
        });
  }

  @Override
  public boolean update(String owner, String chat, Message message) {
    return database.transaction(sql -> update(sql, owner, chat, message));
  }

  private boolean update(Sql sql, String owner, String chat, Message message) throws SQLException {
    int changed =
        sql.update(
            "UPDATE chat_message SET state = ?, body = ? WHERE id = ? AND chat ="
                + " (SELECT id FROM chat WHERE id = ? AND owner = ?)",
            message.state().word(),
            vault
                .writing(sql, owner)
                .seal(Cells.chatMessage(chat, message.id()), json.text(message.json())),
            message.id(),
            chat,
            HandOver.owner(sql, owner));
    return changed > 0;
  }

  @Override
  public List<Chat> list(String owner, ChatFilter filter, int limit) {
    return database.read(sql -> rows.list(sql, owner, filter, limit));
  }

  @Override
  public List<String> ids(String owner) {
    return database.read(
        sql ->
            sql.list(
                row -> row.getString(1),
                "SELECT id FROM chat WHERE owner = ? ORDER BY updated DESC, id DESC",
                owner));
  }

  /**
   * Gives some of an owner's chats, those of them that are there: each chat, and then its messages
   * as they came. One read sees it all at one time; what is damaged keeps nothing else.
   */
  public void read(String owner, List<String> ids, ChatTaker taker) {
    database.read(
        sql -> {
          OwnerTexts texts = vault.reading(sql, owner);
          for (String id : ids) {
            if (readChat(sql, owner, id, taker)) {
              sql.list(
                  row -> readMessage(texts, id, row.getString(1), row.getBytes(2), taker),
                  MESSAGES,
                  id,
                  owner);
            }
          }
          return ids.size();
        });
  }

  private boolean readChat(Sql sql, String owner, String id, ChatTaker taker) throws SQLException {
    try {
      Optional<Chat> chat = rows.find(sql, owner, id);
      chat.ifPresent(taker::put);
      return chat.isPresent();
    } catch (SoleboxException | JsonException e) { // what the database says is another exception
      taker.damaged(id);
      return false;
    }
  }

  private boolean readMessage(
      OwnerTexts texts, String chat, String id, byte[] sealed, ChatTaker taker) {
    try {
      taker.put(chat, message(texts, chat, id, sealed));
      return true;
    } catch (SoleboxException | JsonException e) {
      taker.damaged(chat, id);
      return false;
    }
  }

  @Override
  public int delete(String owner, Collection<String> ids) {
    return database.transaction(
        sql -> {
          int gone = 0;
          for (String id : ids) {
            gone += sql.update("DELETE FROM chat WHERE id = ? AND owner = ?", id, owner);
          }
          Labels.forgetUnused(sql, owner);
          return gone;
        });
  }

  /** Names of folders or of tags, and how many chats each has. */
  public Map<String, Integer> counts(String owner, Label label) {
    return database.read(sql -> new Labels(sql, vault.reading(sql, owner), owner).counts(label));
  }

  /**
   * Gives the folder of chats another name; one that is there takes them in.
   *
   * @param to empty for no folder
   * @return how many chats there were in it
   */
  public int renameFolder(String owner, String from, Optional<String> to) {
    return database.transaction(
        sql -> new Labels(sql, vault.writing(sql, owner), owner).move(from, to));
  }

  /** Deletes those that were last changed before a time, in seconds since 1970. */
  public int deleteBefore(String owner, long time) {
    return database.transaction(
        sql -> {
          int gone =
              sql.update("DELETE FROM chat WHERE owner = ? AND updated < ?", owner, time * 1000);
          Labels.forgetUnused(sql, owner);
          return gone;
        });
  }

  private record Unfinished(String owner, String chat, String message) {}

  /**
   * Ends what the end of an earlier process broke off; nothing, while another one runs.
   *
   * @param error what is told of it
   */
  public void failUnfinished(Object error) {
    if (!database.leadership().isOurs()) {
      return;
    }
    database.transaction(
        sql -> {
          List<Unfinished> unfinished =
              new ArrayList<>(
                  sql.list(
                      row -> new Unfinished(row.getString(1), row.getString(2), row.getString(3)),
                      "SELECT owner, chat, chat_message.id FROM chat_message"
                          + " JOIN chat ON chat.id = chat WHERE state = 'running'"));
          for (Unfinished each : unfinished) {
            fail(sql, each, error);
          }
          return unfinished.size();
        });
  }

  private void fail(Sql sql, Unfinished each, Object error) throws SQLException {
    try {
      Message message = message(sql, each.owner(), each.chat(), each.message()).orElseThrow();
      Message failed = message.endedEarly(Message.State.FAILED).with("error", error);
      update(sql, each.owner(), each.chat(), failed);
    } catch (SoleboxException | JsonException e) {
      // It is damaged, as whoever opens its chat hears; no server need end for it.
      sql.update("UPDATE chat_message SET state = 'failed' WHERE id = ?", each.message());
    }
  }
}
