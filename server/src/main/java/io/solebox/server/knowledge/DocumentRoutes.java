package io.solebox.server.knowledge;

import io.solebox.server.files.FileStore;
import io.solebox.server.files.StoredContent;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.knowledge.index.Progress;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.Document;
import io.solebox.server.knowledge.store.Document.State;
import io.solebox.server.knowledge.store.DocumentStore.Wish;
import io.solebox.server.knowledge.store.VectorStores.Seen;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.Pages;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a vector store. */
record DocumentRoutes(Ground ground, Additions additions) {
  private static final String ALL = Ground.ONE + "/files";
  private static final String ONE = ALL + "/{file}";

  List<Route> routes() {
    return List.of(
        ground.post(ALL, this::add),
        ground.get(ALL, this::list),
        ground.get(ONE, this::get),
        ground.post(ONE, this::note),
        ground.delete(ONE, this::delete),
        ground.get(ONE + "/content", this::content),
        ground.get(ONE + "/original", this::original));
  }

  private void add(Exchange exchange) throws InterruptedException {
    Seen seen = ground.store(exchange, Access.WRITE);
    Wish wish =
        ground.read(
            exchange,
            "document",
            body ->
                additions.wish(
                    Owners.of(exchange),
                    body.required("file_id"),
                    Attributes.read(body),
                    Cuts.read(body, ground.embedders().contextTokens(seen.store().about().model())),
                    "file_id"));
    List<Document> added = additions.add(seen.store(), List.of(wish), Optional.empty());
    send(exchange, added.getFirst());
  }

  Map<String, Object> shown(Document document) {
    return Shapes.file(
        document, ground.keeping().indexer().progress(document.id()).orElse(Progress.NONE));
  }

  private void send(Exchange exchange, Document document) {
    ground.send(exchange, shown(document));
  }

  private void list(Exchange exchange) {
    Seen seen = ground.store(exchange, Access.READ);
    sendPage(exchange, ground.keeping().documents().all(seen.store().id()));
  }

  /** Those of a list that a request asks for. */
  void sendPage(Exchange exchange, List<Document> documents) {
    Optional<State> filter = exchange.query("filter").map(DocumentRoutes::state);
    List<Map<String, Object>> shown =
        documents.stream()
            .filter(each -> filter.isEmpty() || filter.get() == each.state())
            .map(this::shown)
            .toList();
    ground.send(exchange, Pages.of(exchange, shown));
  }

  private static State state(String word) {
    for (State state : State.values()) {
      if (state.word().equals(word)) {
        return state;
      }
    }
    throw Params.invalidValue(
        "filter", "'filter' must be in_progress, completed, failed or cancelled.");
  }

  private Document found(Exchange exchange, Access wanted) {
    Seen seen = ground.store(exchange, wanted);
    String file = exchange.parameter("file");
    return ground
        .keeping()
        .documents()
        .find(seen.store().id(), file)
        .orElseThrow(() -> Ground.notFound("file of this vector store", file));
  }

  private void get(Exchange exchange) {
    send(exchange, found(exchange, Access.READ));
  }

  private void note(Exchange exchange) throws InterruptedException {
    Document document = found(exchange, Access.WRITE);
    Map<String, Object> attributes = ground.read(exchange, "note", Attributes::read);
    send(
        exchange,
        ground
            .keeping()
            .documents()
            .attributes(document.store(), document.file(), attributes)
            .orElseThrow(() -> Ground.notFound("file of this vector store", document.file())));
  }

  private void delete(Exchange exchange) {
    Document document = found(exchange, Access.WRITE);
    ground.keeping().documents().delete(document.store(), document.file());
    ground.sendDeleted(exchange, document.file(), "vector_store.file");
  }

  private void content(Exchange exchange) {
    Seen seen = ground.store(exchange, Access.READ);
    Document document = found(exchange, Access.READ);
    List<Map<String, Object>> data =
        DocumentPages.of(ground.keeping().chunks().texts(seen.store().owner(), document.id()));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "vector_store.file_content.page");
    body.put("data", data);
    body.put("has_more", false);
    body.put("next_page", null);
    ground.send(exchange, body);
  }

  /** Who may read a collection may read what it was made of. */
  private void original(Exchange exchange) {
    Document document = found(exchange, Access.READ);
    String owner = document.about().fileOwner();
    FileStore files = ground.keeping().files();
    StoredContent.send(
        exchange,
        files,
        files
            .find(document.file(), owner)
            .orElseThrow(() -> Ground.notFound("file", document.file())),
        owner);
  }
}
