package io.solebox.server.knowledge;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.People;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.http.Texts;
import io.solebox.server.knowledge.index.Indexer;
import io.solebox.server.knowledge.search.KnowledgeSearch;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.Chunks;
import io.solebox.server.knowledge.store.DocumentStore;
import io.solebox.server.knowledge.store.VectorStores;
import io.solebox.server.knowledge.store.VectorStores.Seen;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.storage.Owners;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What all routes of vector stores stand on. */
record Ground(
    JsonWriter json,
    Clock clock,
    int maxBodyBytes,
    People people,
    Embedders embedders,
    Optional<Kept> kept) {
  static final String ALL = "/v1/vector_stores";
  static final String ONE = ALL + "/{id}";

  private static final FieldTable TABLE =
      FieldTable.read(Ground.class.getResourceAsStream("fields.txt"));

  /** Where it is all kept; there is none on a server that keeps nothing. */
  record Kept(
      VectorStores stores,
      DocumentStore documents,
      Chunks chunks,
      FileStore files,
      Indexer indexer,
      KnowledgeSearch search) {}

  /** Makes something of a body's fields. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Fields fields) throws InterruptedException;
  }

  Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  Route delete(String path, Route.Handler handler) {
    return new Route(Method.DELETE, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  /**
   * @throws Problem 400 where nothing is kept
   */
  Kept keeping() {
    return kept.orElseThrow(
        () ->
            Problem.of(
                400,
                "unsupported_parameter",
                "This server was started with --no-store: it keeps nothing."));
  }

  long now() {
    return clock.instant().getEpochSecond();
  }

  /**
   * @param place in the table of fields
   */
  <T> T read(Exchange exchange, String place, Reader<T> reader) throws InterruptedException {
    return exchange.readObject(
        JsonSkips.NONE,
        body -> {
          Fields fields = new Fields(TABLE, place, "", body);
          T read = reader.read(fields);
          fields.settle(false);
          return read;
        });
  }

  /** The members of a value that must be an object. */
  static Fields fields(String place, Object value, String param) {
    return Fields.of(TABLE, place, value, param);
  }

  void send(Exchange exchange, Map<String, Object> body) {
    exchange.send(200, "application/json", json.bytes(body));
  }

  void sendDeleted(Exchange exchange, String id, String what) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id);
    body.put("object", what + ".deleted");
    body.put("deleted", true);
    send(exchange, body);
  }

  /**
   * The vector store that a path names. Who may not read it learns nothing of it.
   *
   * @throws Problem 404, or 403 if its caller may do less with it
   */
  Seen store(Exchange exchange, Access wanted) {
    return store(Owners.of(exchange), exchange.parameter("id"), wanted);
  }

  /** The same of one that is named elsewhere. */
  Seen store(String who, String id, Access wanted) {
    Seen seen = keeping().stores().find(id, who).orElseThrow(() -> notFound("vector store", id));
    if (!seen.access().covers(wanted)) {
      throw Problem.of(
          403,
          "not_allowed",
          wanted == Access.OWNER
              ? "Only its owner may do this with this vector store."
              : "You may read this vector store, and not change it. Ask its owner.");
    }
    return seen;
  }

  static Problem notFound(String what, String id) {
    return Problem.of(
        404, "not_found", "There is no %s '%s'.".formatted(what, Texts.abbreviated(id)));
  }
}
