package io.solebox.server.chats;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.chats.store.Agent;
import io.solebox.server.chats.store.AgentStore;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Notes;
import io.solebox.server.chats.store.Notes.Kind;
import io.solebox.server.chats.store.SealedChats;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Belonging;
import io.solebox.storage.Sql;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The chats of an owner's pages, and what is noted beside them. */
public final class PageBelongings implements Belonging {
  private final SealedChats chats;
  private final Notes notes;
  private final AgentStore agents;
  private final JsonWriter json = new JsonWriter();

  public PageBelongings(Vault vault) {
    this.chats = new SealedChats(vault);
    this.notes = new Notes(vault);
    this.agents = new AgentStore(vault);
  }

  @Override
  public void export(String owner, Taker taker) throws IOException {
    for (String id : chats.ids(owner)) {
      Optional<Chat> chat = chats.find(owner, id);
      if (chat.isPresent()) { // else it was deleted meanwhile
        take(taker, "page-chats/" + id, whole(chat.get(), chats.messages(owner, id)));
      }
      Optional<Agent> agent = agents.find(owner, id);
      if (agent.isPresent()) {
        take(taker, "page-agents/" + id, agent.get().shown(agent.get().spent()));
      }
    }
    for (Kind kind : Kind.values()) {
      for (Notes.Note note : notes.all(owner, kind)) {
        take(taker, "page-notes/" + note.id(), note.json());
      }
    }
  }

  private void take(Taker taker, String name, Map<String, Object> what) throws IOException {
    taker.take(name + ".json", new ByteArrayInputStream(json.bytes(what)));
  }

  /** A chat as the API shows it, when nothing of it is computed. */
  static Map<String, Object> whole(Chat chat, List<Message> messages) {
    Map<String, Object> whole = new LinkedHashMap<>(chat.json(false));
    whole.put("settings", chat.settings());
    whole.put("current", chat.current().orElse(null));
    whole.put("messages", messages.stream().map(Message::json).toList());
    return whole;
  }

  @Override
  public Runnable delete(Sql sql, String owner) throws SQLException {
    sql.update("DELETE FROM chat_share_reader WHERE reader = ?", owner);
    return () -> {};
  }
}
