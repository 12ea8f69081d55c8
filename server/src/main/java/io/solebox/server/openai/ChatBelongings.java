package io.solebox.server.openai;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Belonging;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stored chat completions of an owner. */
public final class ChatBelongings implements Belonging {
  private final Vault vault;
  private final KeptChats chats;
  private final JsonWriter json = new JsonWriter();

  public ChatBelongings(Vault vault) {
    this.vault = vault;
    this.chats = new KeptChats(vault, json);
  }

  @Override
  public void export(String owner, Taker taker) throws IOException {
    List<String> ids =
        vault
            .database()
            .read(
                sql ->
                    sql.list(
                        row -> row.getString(1),
                        "SELECT id FROM chat_completion WHERE owner = ? ORDER BY created, id",
                        owner));
    for (String id : ids) {
      Optional<KeptChats.Kept> kept = chats.find(id, owner);
      if (kept.isPresent()) { // else it was deleted meanwhile
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("chat", kept.get().body());
        all.put("messages", kept.get().messages());
        taker.take("chats/" + id + ".json", new ByteArrayInputStream(json.bytes(all)));
      }
    }
  }
}
