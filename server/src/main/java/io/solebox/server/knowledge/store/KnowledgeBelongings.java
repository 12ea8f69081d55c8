package io.solebox.server.knowledge.store;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.Belonging;
import io.solebox.storage.Sql;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The collections of an owner, and what their documents say; the files are exported as files. */
public final class KnowledgeBelongings implements Belonging {
  private final VectorStores stores;
  private final DocumentStore documents;
  private final Chunks chunks;
  private final JsonWriter json = new JsonWriter();

  public KnowledgeBelongings(Vault vault) {
    this.stores = new VectorStores(vault);
    this.documents = new DocumentStore(vault);
    this.chunks = new Chunks(vault);
  }

  @Override
  public void export(String owner, Taker taker) throws IOException {
    for (VectorStore store : stores.of(owner)) {
      String folder = "knowledge/" + store.id();
      Map<String, Object> whole = new LinkedHashMap<>(store.about().json());
      whole.put("id", store.id());
      whole.put("created", store.created());
      take(taker, folder + "/about", whole);
      for (Document document : documents.all(store.id())) {
        take(taker, folder + "/" + document.id(), exported(owner, document));
      }
    }
  }

  private Map<String, Object> exported(String owner, Document document) {
    Map<String, Object> whole = new LinkedHashMap<>(document.about().json());
    whole.put("file", document.file());
    whole.put("state", document.state().word());
    List<Map<String, Object>> texts =
        chunks.texts(owner, document.id()).stream().map(Chunks::json).toList();
    whole.put("texts", texts);
    return whole;
  }

  private void take(Taker taker, String name, Map<String, Object> what) throws IOException {
    taker.take(name + ".json", new ByteArrayInputStream(json.bytes(what)));
  }

  @Override
  public Runnable delete(Sql sql, String owner) throws SQLException {
    VectorStores.forget(sql, owner);
    return () -> {};
  }
}
