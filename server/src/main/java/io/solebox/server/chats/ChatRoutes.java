package io.solebox.server.chats;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Chat.TitledBy;
import io.solebox.server.chats.store.ChatFilter;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Ids;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chats as such: made, listed, changed, deleted. */
final class ChatRoutes {
  static final String ONE = "/chats/{id}";
  private static final int USUAL_LIMIT = 50;
  private static final int MAX_LIMIT = 200;

  private final Ground ground;

  ChatRoutes(Ground ground) {
    this.ground = ground;
  }

  List<Route> routes() {
    return List.of(
        ground.get("/chats", this::list),
        ground.post("/chats", this::create),
        ground.post("/chats/delete", this::deleteMany),
        ground.get(ONE, this::get),
        ground.post(ONE, this::change),
        ground.delete(ONE, this::delete));
  }

  private void list(Exchange exchange) {
    ChatFilter filter =
        new ChatFilter(
            exchange.query("folder"),
            exchange.query("tag"),
            Ground.flag(exchange.query("pinned"), "pinned"),
            Ground.flag(exchange.query("archived"), "archived"),
            exchange.query("after"));
    int limit = Ground.limit(exchange.query("limit"), USUAL_LIMIT, MAX_LIMIT);
    String owner = Owners.of(exchange);
    filter.after().ifPresent(id -> ground.chats().find(owner, id));
    boolean temporary = Ground.flag(exchange.query("temporary"), "temporary");
    List<Chat> found = ground.chats().list(owner, filter, temporary, limit + 1);
    ground.chats().prepareSearch(owner);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("chats", found.stream().limit(limit).map(ground::shown).toList());
    body.put("more", found.size() > limit);
    ground.send(exchange, 200, body);
  }

  private void create(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    Chat chat =
        ground.read(
            exchange,
            "new_chat",
            body -> {
              boolean temporary = body.flag("temporary") || !ground.chats().keeps(owner);
              Chat made = Chat.empty(Ids.of("chat"), ground.clock().millis(), temporary);
              return changed(made, body);
            });
    ground.chats().forNew(owner, chat.temporary()).add(owner, chat, List.of());
    ground.tell(owner, chat);
    ground.send(exchange, 200, ground.shown(chat));
  }

  /** What new chats and changed ones are told alike. */
  private static Chat changed(Chat before, Fields body) {
    Chat chat = before;
    Optional<String> title =
        body.string("title").map(text -> Ground.bounded(text, "title", ChatReader.MAX_TITLE));
    if (title.isPresent()) {
      boolean named = !title.get().isBlank();
      chat = chat.withTitle(title.get().strip(), named ? TitledBy.PERSON : TitledBy.NOBODY);
    }
    if (body.isGiven("folder")) {
      chat = chat.withFolder(ChatReader.name(body, "folder"));
    }
    if (body.isGiven("tags")) {
      chat = chat.withTags(ChatReader.tags(body));
    }
    Optional<Map<String, Object>> settings = ChatReader.settings(body);
    return settings.isPresent() ? chat.withSettings(settings.get()) : chat;
  }

  private void get(Exchange exchange) {
    String owner = Owners.of(exchange);
    Chat chat = ground.chats().find(owner, exchange.parameter("id"));
    ground.send(exchange, 200, ground.whole(owner, chat));
  }

  private void change(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String id = exchange.parameter("id");
    Chat changed =
        ground.read(
            exchange,
            "chat",
            body -> {
              Optional<String> current = body.string("current");
              current.ifPresent(message -> ground.chats().message(owner, id, message));
              return ground
                  .chats()
                  .of(owner, id)
                  .changeChat(owner, id, chat -> changed(chat, body, current))
                  .orElseThrow(() -> Chats.notFound("chat", id));
            });
    ground.tell(owner, changed);
    ground.send(exchange, 200, ground.shown(changed));
  }

  /** Where somebody has looked last is no change of a chat: it stays where it is in lists. */
  private Chat changed(Chat before, Fields body, Optional<String> current) {
    Chat chat = changed(before, body);
    if (body.has("pinned")) {
      chat = chat.withPinned(body.flag("pinned"));
    }
    if (body.has("archived")) {
      chat = chat.withArchived(body.flag("archived"));
    }
    return current.isPresent() ? chat.withCurrent(current) : chat;
  }

  private void delete(Exchange exchange) throws InterruptedException {
    String id = exchange.parameter("id");
    ground.chats().find(Owners.of(exchange), id);
    deleted(exchange, List.of(id));
  }

  private void deleteMany(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    List<String> ids =
        ground.read(
            exchange,
            "delete",
            body -> {
              boolean all = body.flag("all");
              Optional<List<Object>> given = body.array("ids");
              if (all == given.isPresent()) {
                throw Params.invalidValue("ids", "Say either 'ids' or 'all': true.");
              }
              return all ? ground.chats().ids(owner) : ids(given.get());
            });
    deleted(exchange, ids);
  }

  private static List<String> ids(List<Object> given) {
    List<String> ids = new ArrayList<>();
    for (Object each : given) {
      if (!(each instanceof String id)) {
        throw Params.invalidType("ids", "an array of strings", each);
      }
      ids.add(id);
    }
    return ids;
  }

  private void deleted(Exchange exchange, List<String> ids) throws InterruptedException {
    String owner = Owners.of(exchange);
    for (String id : ids) {
      ground.runs().stopAll(owner, id);
    }
    int gone = ground.chats().delete(owner, ids);
    for (String id : ids) {
      ground.news().tell(owner, Map.of("type", "deleted", "chat", Map.of("id", id)));
    }
    ground.send(exchange, 200, Map.of("deleted", gone));
  }
}
