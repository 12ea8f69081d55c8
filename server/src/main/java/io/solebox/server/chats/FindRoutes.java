package io.solebox.server.chats;

import io.solebox.server.chats.search.ChatSearch;
import io.solebox.server.chats.search.Found;
import io.solebox.server.chats.search.Hit;
import io.solebox.server.chats.search.Snippet;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Label;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds chats: by what is said in them, by folders, by tags. */
final class FindRoutes {
  private static final int USUAL_LIMIT = 30;
  private static final int MAX_LIMIT = 100;
  private static final int MAX_QUERY = 500;

  private final Ground ground;

  FindRoutes(Ground ground) {
    this.ground = ground;
  }

  List<Route> routes() {
    return List.of(
        ground.get("/chats/search", this::search),
        ground.get("/chats/folders", exchange -> labels(exchange, Label.FOLDER, "folders")),
        ground.get("/chats/tags", exchange -> labels(exchange, Label.TAG, "tags")),
        ground.post("/chats/folders/rename", this::rename));
  }

  private void search(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String query =
        Ground.bounded(exchange.query("q").orElseThrow(() -> Params.missing("q")), "q", MAX_QUERY);
    int limit = Ground.limit(exchange.query("limit"), USUAL_LIMIT, MAX_LIMIT);
    Optional<ChatSearch> search = ground.chats().search();
    Found found = search.isEmpty() ? Found.NOTHING : search.get().find(owner, query, limit + 1);
    List<Object> hits = new ArrayList<>();
    found.hits().stream()
        .limit(limit)
        .forEach(hit -> shown(owner, hit, query).ifPresent(hits::add));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("hits", hits);
    body.put("more", found.hits().size() > limit);
    body.put("indexed", found.indexed());
    body.put("damaged", found.damaged());
    ground.send(exchange, 200, body);
  }

  /** Empty where it is gone meanwhile. */
  private Optional<Object> shown(String owner, Hit hit, String query) {
    Optional<Chat> chat = ground.chats().of(owner, hit.chat()).find(owner, hit.chat());
    if (chat.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> text =
        hit.message().isEmpty()
            ? chat.map(Chat::title)
            : ground
                .chats()
                .of(owner, hit.chat())
                .message(owner, hit.chat(), hit.message().get())
                .map(Message::spoken);
    return text.map(
        its -> {
          Snippet snippet = Snippet.of(its, query);
          Map<String, Object> told = new LinkedHashMap<>();
          told.put("chat", ground.shown(chat.get()));
          hit.message().ifPresent(id -> told.put("message", id));
          told.put("snippet", snippet.text());
          told.put("ranges", snippet.ranges());
          return told;
        });
  }

  private void labels(Exchange exchange, Label label, String name) {
    List<Object> all = new ArrayList<>();
    ground
        .chats()
        .kept()
        .ifPresent(
            kept ->
                kept.counts(Owners.of(exchange), label)
                    .forEach((its, chats) -> all.add(Map.of("name", its, "chats", chats))));
    ground.send(exchange, 200, Map.of(name, all));
  }

  private record Renaming(String from, Optional<String> to) {}

  private void rename(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    Renaming asked =
        ground.read(
            exchange,
            "renaming",
            body -> {
              if (!body.isGiven("to")) {
                throw Params.missing("to");
              }
              return new Renaming(body.required("from").strip(), ChatReader.name(body, "to"));
            });
    int changed =
        ground
            .chats()
            .kept()
            .map(kept -> kept.renameFolder(owner, asked.from(), asked.to()))
            .orElse(0);
    ground.news().tell(owner, Map.of("type", "folders"));
    ground.send(exchange, 200, Map.of("changed", changed));
  }
}
