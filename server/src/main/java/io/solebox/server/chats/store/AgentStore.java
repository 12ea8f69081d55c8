package io.solebox.server.chats.store;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Cells;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.HandOver;
import java.util.List;
import java.util.Optional;

/** What is to be done in chats, sealed; one list of tasks each at most. Safe for many threads. */
public final class AgentStore {
  private final Vault vault;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  public AgentStore(Vault vault) {
    this.vault = vault;
  }

  /** One of them, by whose it is. */
  public record Owned(String owner, String chat) {}

  public Optional<Agent> find(String owner, String chat) {
    return vault
        .database()
        .read(
            sql ->
                sql.first(
                    row ->
                        Agent.of(
                            chat,
                            reader.readObject(
                                vault
                                    .reading(sql, owner)
                                    .openBytes(Cells.chatAgent(chat), row.getBytes(1)))),
                    "SELECT body FROM chat_agent WHERE chat = ? AND owner = ?",
                    chat,
                    owner));
  }

  /**
   * Writes one anew; returns when it is on disk.
   *
   * @return whether its chat is still there
   */
  public boolean put(String owner, Agent agent) {
    return vault
        .database()
        .transaction(
            sql -> {
              String theirs = HandOver.owner(sql, owner);
              boolean there =
                  sql.first(
                          row -> row.getString(1),
                          "SELECT id FROM chat WHERE id = ? AND owner = ?",
                          agent.chat(),
                          theirs)
                      .isPresent();
              if (there) {
                sql.update(
                    "INSERT INTO chat_agent (chat, owner, state, body) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (chat) DO UPDATE"
                        + " SET state = excluded.state, body = excluded.body",
                    agent.chat(),
                    theirs,
                    agent.state().word(),
                    vault
                        .writing(sql, theirs)
                        .seal(Cells.chatAgent(agent.chat()), json.text(agent.json())));
              }
              return there;
            });
  }

  /** Those that are to go on by themselves. */
  public List<Owned> running() {
    return vault
        .database()
        .read(
            sql ->
                sql.list(
                    row -> new Owned(row.getString(1), row.getString(2)),
                    "SELECT owner, chat FROM chat_agent WHERE state = 'running'"));
  }
}
