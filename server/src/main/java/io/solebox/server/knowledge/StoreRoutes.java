package io.solebox.server.knowledge;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.Document.Cut;
import io.solebox.server.knowledge.store.DocumentStore.Wish;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.store.VectorStore.About;
import io.solebox.server.knowledge.store.VectorStores.Seen;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.Metadata;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.Pages;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code /v1/vector_stores} themselves. */
record StoreRoutes(Ground ground, Additions additions) {
  private static final int MAX_NAME = 256;
  private static final int MAX_DESCRIPTION = 4096;
  private static final int MAX_DAYS = 365;
  private static final int MAX_FILES = 500;

  List<Route> routes() {
    return List.of(
        ground.post(Ground.ALL, this::create),
        ground.get(Ground.ALL, this::list),
        ground.get(Ground.ONE, this::get),
        ground.post(Ground.ONE, this::change),
        ground.delete(Ground.ONE, this::delete));
  }

  /** What a new one is to be, and the files that it begins with. */
  private record Wanted(About about, List<String> files, Cut cut) {}

  private void create(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    if (!ground.keeping().files().keeps(owner)) {
      throw Keeping.off("vector_store");
    }
    Wanted wanted = ground.read(exchange, "store", body -> wanted(exchange, body));
    List<Wish> wishes =
        wanted.files().stream()
            .map(file -> additions.wish(owner, file, Map.of(), wanted.cut(), "file_ids"))
            .toList();
    VectorStore store = ground.keeping().stores().create(owner, wanted.about(), ground.now());
    additions.add(store, wishes, Optional.empty());
    send(exchange, new Seen(store, Access.OWNER));
  }

  private Wanted wanted(Exchange exchange, Fields body) {
    String model = ground.embedders().choose(exchange, body.string("embedding_model"));
    About about = about(body, new About("", "", Map.of(), model, OptionalInt.empty()));
    List<String> files =
        body.array("file_ids").orElse(List.of()).stream()
            .map(each -> Additions.id(each, "file_ids"))
            .toList();
    if (files.size() > MAX_FILES) {
      throw Params.invalidValue(
          "file_ids", "'file_ids' has %d files, at most %d.".formatted(files.size(), MAX_FILES));
    }
    return new Wanted(about, files, Cuts.read(body, ground.embedders().contextTokens(model)));
  }

  /** What a body says, and what was said before where it says nothing. */
  private static About about(Fields body, About before) {
    return new About(
        bounded(body.string("name"), "name", MAX_NAME).orElse(before.name()),
        bounded(body.string("description"), "description", MAX_DESCRIPTION)
            .orElse(before.description()),
        body.raw("metadata").map(Metadata::of).orElse(before.metadata()),
        before.model(),
        body.isGiven("expires_after") ? days(body) : before.idleDays());
  }

  private static Optional<String> bounded(Optional<String> text, String param, int most) {
    text.filter(its -> its.length() > most)
        .ifPresent(
            _ -> {
              throw Params.invalidValue(
                  param, "'%s' can have %d characters at most.".formatted(param, most));
            });
    return text;
  }

  private static OptionalInt days(Fields body) {
    Optional<Fields> given = body.object("expires_after", "expires_after");
    if (given.isEmpty()) {
      return OptionalInt.empty();
    }
    Fields its = given.get();
    if (!its.required("anchor").equals("last_active_at")) {
      throw Params.invalidValue(its.param("anchor"), "It must be last_active_at.");
    }
    int days =
        its.whole("days")
            .orElseThrow(() -> Params.missing(its.param("days")))
            .inRange(its.param("days"), 1, MAX_DAYS);
    its.settle(false);
    return OptionalInt.of(days);
  }

  private Map<String, Object> shown(Seen seen) {
    return Shapes.store(
        seen,
        ground.keeping().documents().all(seen.store().id()),
        ground.people().nameOf(seen.store().owner()));
  }

  private void send(Exchange exchange, Seen seen) {
    ground.send(exchange, shown(seen));
  }

  private void list(Exchange exchange) {
    List<Map<String, Object>> all =
        ground.keeping().stores().all(Owners.of(exchange)).stream().map(this::shown).toList();
    ground.send(exchange, Pages.of(exchange, all));
  }

  private void get(Exchange exchange) {
    send(exchange, ground.store(exchange, Access.READ));
  }

  private void change(Exchange exchange) throws InterruptedException {
    Seen seen = ground.store(exchange, Access.OWNER);
    About about = ground.read(exchange, "change", body -> about(body, seen.store().about()));
    VectorStore changed =
        ground
            .keeping()
            .stores()
            .change(seen.store().id(), about, ground.now())
            .orElseThrow(() -> Ground.notFound("vector store", seen.store().id()));
    send(exchange, new Seen(changed, seen.access()));
  }

  private void delete(Exchange exchange) {
    String id = ground.store(exchange, Access.OWNER).store().id();
    ground.keeping().stores().delete(id);
    ground.sendDeleted(exchange, id, "vector_store");
  }
}
