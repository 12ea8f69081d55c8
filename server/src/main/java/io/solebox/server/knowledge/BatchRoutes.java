package io.solebox.server.knowledge;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.Document.Cut;
import io.solebox.server.knowledge.store.Document.State;
import io.solebox.server.knowledge.store.DocumentStore.Wish;
import io.solebox.server.knowledge.store.VectorStores.Seen;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Ids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Files that come to a vector store together. */
record BatchRoutes(Ground ground, Additions additions, DocumentRoutes documents) {
  private static final String ALL = Ground.ONE + "/file_batches";
  private static final String ONE = ALL + "/{batch}";

  /** As OpenAI has it. */
  private static final int MOST = 2000;

  List<Route> routes() {
    return List.of(
        ground.post(ALL, this::create),
        ground.get(ONE, this::get),
        ground.post(ONE + "/cancel", this::cancel),
        ground.get(ONE + "/files", this::list));
  }

  private void create(Exchange exchange) throws InterruptedException {
    Seen seen = ground.store(exchange, Access.WRITE);
    OptionalInt room = ground.embedders().contextTokens(seen.store().about().model());
    List<Wish> wishes =
        ground.read(exchange, "batch", body -> wishes(Owners.of(exchange), body, room));
    String id = Ids.of("vsfb");
    send(exchange, seen, id, additions.add(seen.store(), wishes, Optional.of(id)));
  }

  private List<Wish> wishes(String who, Fields body, OptionalInt room) {
    Map<String, Object> attributes = Attributes.read(body);
    Cut cut = Cuts.read(body, room);
    List<Wish> wishes = new ArrayList<>();
    for (Object each : body.array("file_ids").orElse(List.of())) {
      String file = Additions.id(each, "file_ids");
      wishes.add(additions.wish(who, file, attributes, cut, "file_ids"));
    }
    List<Object> files = body.array("files").orElse(List.of());
    if (wishes.isEmpty() == files.isEmpty()) {
      throw Params.invalidValue("file_ids", "Either 'file_ids' or 'files' must have something.");
    }
    for (int i = 0; i < files.size(); i++) {
      Fields file = Ground.fields("batch_file", files.get(i), "files[" + i + "]");
      wishes.add(
          additions.wish(
              who,
              file.required("file_id"),
              Attributes.read(file),
              Cuts.read(file, room),
              file.param("file_id")));
      file.settle(false);
    }
    if (wishes.size() > MOST) {
      throw Params.invalidValue(
          "file_ids", "There are %d files, at most %d.".formatted(wishes.size(), MOST));
    }
    return wishes;
  }

  private void send(Exchange exchange, Seen seen, String id, List<Document> documents) {
    Map<String, Integer> counts = Shapes.counts(documents);
    boolean open = counts.get(State.IN_PROGRESS.word()) > 0;
    State all =
        open
            ? State.IN_PROGRESS
            : counts.get(State.CANCELLED.word()) > 0 ? State.CANCELLED : State.COMPLETED;
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", id);
    body.put("object", "vector_store.file_batch");
    body.put("created_at", documents.getFirst().created());
    body.put("vector_store_id", seen.store().id());
    body.put("status", all.word());
    body.put("file_counts", counts);
    ground.send(exchange, body);
  }

  private List<Document> found(Exchange exchange, Seen seen) {
    String id = exchange.parameter("batch");
    List<Document> found =
        ground.keeping().documents().all(seen.store().id()).stream()
            .filter(each -> each.batch().filter(id::equals).isPresent())
            .toList();
    if (found.isEmpty()) {
      throw Ground.notFound("batch of this vector store", id);
    }
    return found;
  }

  private void get(Exchange exchange) {
    Seen seen = ground.store(exchange, Access.READ);
    send(exchange, seen, exchange.parameter("batch"), found(exchange, seen));
  }

  private void cancel(Exchange exchange) {
    Seen seen = ground.store(exchange, Access.WRITE);
    found(exchange, seen);
    ground.keeping().documents().cancel(exchange.parameter("batch"));
    send(exchange, seen, exchange.parameter("batch"), found(exchange, seen));
  }

  private void list(Exchange exchange) {
    documents.sendPage(exchange, found(exchange, ground.store(exchange, Access.READ)));
  }
}
