package io.solebox.server.responses;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Belonging;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The responses and conversations of an owner. */
public final class ResponseBelongings implements Belonging {
  private final Vault vault;
  private final ResponseStore store;
  private final JsonWriter json = new JsonWriter();

  public ResponseBelongings(Vault vault, Clock clock) {
    this.vault = vault;
    this.store = new ResponseStore(vault, json, clock);
  }

  @Override
  public void export(String owner, Taker taker) throws IOException {
    for (String id : ids("response", owner)) {
      Optional<KeptResponse> kept = store.find(id, owner);
      if (kept.isPresent()) { // else it was deleted meanwhile
        Map<String, Object> all =
            ResponseBody.ordered("response", kept.get().body(), "input", kept.get().input());
        taker.take("responses/" + id + ".json", new ByteArrayInputStream(json.bytes(all)));
      }
    }
    for (String id : ids("conversation", owner)) {
      Optional<Map<String, Object>> kept = store.conversations().find(id, owner);
      if (kept.isPresent()) {
        Map<String, Object> all =
            ResponseBody.ordered(
                "conversation", kept.get(), "items", store.conversations().items(id, owner));
        taker.take("conversations/" + id + ".json", new ByteArrayInputStream(json.bytes(all)));
      }
    }
  }

  private List<String> ids(String table, String owner) {
    return vault
        .database()
        .read(
            sql ->
                sql.list(
                    row -> row.getString(1),
                    "SELECT id FROM " + table + " WHERE owner = ? ORDER BY created, id",
                    owner));
  }
}
