package io.solebox.server.knowledge;

import io.solebox.server.knowledge.index.Progress;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.Document.State;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.store.VectorStores.Seen;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Vector stores and their files as OpenAI's clients know them, and a little more. */
final class Shapes {
  private static final String IN_PROGRESS = State.IN_PROGRESS.word();

  private Shapes() {}

  /**
   * @param documents of the store
   * @param owner as people know who it belongs to
   */
  static Map<String, Object> store(Seen seen, List<Document> documents, String owner) {
    VectorStore store = seen.store();
    Map<String, Integer> counts = counts(documents);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", store.id());
    body.put("object", "vector_store");
    body.put("created_at", store.created());
    body.put("name", store.about().name());
    body.put("description", store.about().description());
    body.put("usage_bytes", documents.stream().mapToLong(its -> its.about().bytes()).sum());
    body.put("file_counts", counts);
    body.put("status", counts.get(IN_PROGRESS) > 0 ? IN_PROGRESS : State.COMPLETED.word());
    body.put("expires_after", expiresAfter(store));
    body.put(
        "expires_at", store.expires().isPresent() ? (Object) store.expires().getAsLong() : null);
    body.put("last_active_at", store.active());
    body.put("metadata", store.about().metadata());
    body.put("embedding_model", store.about().model());
    body.put(
        "chunks",
        documents.stream()
            .filter(its -> its.state() == State.COMPLETED)
            .mapToInt(its -> its.about().chunks())
            .sum());
    body.put("access", seen.access().word());
    body.put("owner_name", owner);
    return body;
  }

  private static Object expiresAfter(VectorStore store) {
    return store.about().idleDays().isPresent()
        ? Map.of("anchor", "last_active_at", "days", store.about().idleDays().getAsInt())
        : null;
  }

  /** How many are how far. */
  static Map<String, Integer> counts(List<Document> documents) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (State state : State.values()) {
      counts.put(
          state.word(), (int) documents.stream().filter(its -> its.state() == state).count());
    }
    counts.put("total", documents.size());
    return counts;
  }

  static Map<String, Object> file(Document document, Progress progress) {
    Document.About about = document.about();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", document.file());
    body.put("object", "vector_store.file");
    body.put("usage_bytes", about.bytes());
    body.put("created_at", document.created());
    body.put("vector_store_id", document.store());
    body.put("status", document.state().word());
    body.put("last_error", about.failure().map(Shapes::error).orElse(null));
    body.put("chunking_strategy", Cuts.json(about.cut()));
    body.put("attributes", about.attributes());
    body.put("filename", about.name());
    body.put("chunks", about.chunks());
    if (document.state() == State.IN_PROGRESS) {
      body.put("progress", progress(progress));
    }
    body.put("notes", about.notes());
    return body;
  }

  private static Map<String, Object> error(Document.Failure failure) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", failure.code());
    error.put("message", failure.message());
    return error;
  }

  private static Map<String, Object> progress(Progress progress) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("stage", progress.stage().word());
    json.put("done", progress.done());
    json.put("total", progress.total());
    progress.why().ifPresent(why -> json.put("why", why));
    return json;
  }
}
