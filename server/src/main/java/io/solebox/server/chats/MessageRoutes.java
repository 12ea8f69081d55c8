package io.solebox.server.chats;

import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.ChatStore.Change;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Message.State;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import io.solebox.storage.Ids;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Messages that are written, changed and deleted without a model. */
final class MessageRoutes {
  static final String ALL = ChatRoutes.ONE + "/messages";
  static final String ONE = ALL + "/{message}";

  private final Ground ground;

  MessageRoutes(Ground ground) {
    this.ground = ground;
  }

  List<Route> routes() {
    return List.of(
        ground.post(ALL, this::add),
        ground.get(ONE, this::get),
        ground.post(ONE, this::edit),
        ground.delete(ONE, this::delete));
  }

  private Chat change(String owner, String id, Function<Chat, Change> made) {
    Chat chat =
        ground
            .chats()
            .of(owner, id)
            .change(owner, id, made::apply)
            .orElseThrow(() -> Chats.notFound("chat", id));
    ground.tell(owner, chat);
    return chat;
  }

  private void add(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String id = exchange.parameter("id");
    Message added =
        ground.read(
            exchange,
            "message",
            body -> {
              Optional<String> parent = body.string("parent");
              parent.ifPresent(message -> ground.chats().message(owner, id, message));
              String text = body.string("text").orElseThrow(() -> Params.missing("text"));
              return Message.said(Ids.of("msg"), parent, role(body.required("role")), now(), text)
                  .withAttachments(ChatReader.attachments(body));
            });
    change(
        owner,
        id,
        chat ->
            new Change(
                chat.at(now()).withCurrent(Optional.of(added.id())), List.of(added), List.of()));
    ground.send(exchange, 200, added.json());
  }

  private static Role role(String word) {
    return switch (word) {
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      default -> throw Params.invalidValue("role", "'role' must be user or assistant.");
    };
  }

  private long now() {
    return ground.clock().millis();
  }

  private void get(Exchange exchange) {
    String owner = Owners.of(exchange);
    String chat = exchange.parameter("id");
    Message kept = ground.chats().message(owner, chat, exchange.parameter("message"));
    ground.send(exchange, 200, ground.current(owner, chat, kept).json());
  }

  private void edit(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String chat = exchange.parameter("id");
    Message before = ground.chats().message(owner, chat, exchange.parameter("message"));
    if (ground.current(owner, chat, before).state() == State.RUNNING) {
      throw Ground.conflict(
          "still_running", "This answer is still being written. Wait for it, or stop it.");
    }
    Message edited =
        ground.read(
            exchange,
            "edit",
            body -> before.withText(body.string("text").orElseThrow(() -> Params.missing("text"))));
    change(owner, chat, its -> new Change(its.at(now()), List.of(edited), List.of()));
    ground.runs().changed(edited.id());
    ground.send(exchange, 200, edited.json());
  }

  private void delete(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String id = exchange.parameter("id");
    Message root = ground.chats().message(owner, id, exchange.parameter("message"));
    Set<String> removed = withAllBelow(ground.chats().of(owner, id).messages(owner, id), root);
    for (String each : removed) {
      ground.runs().stop(owner, each);
    }
    Chat chat =
        change(
            owner,
            id,
            before -> {
              boolean shown = before.current().filter(removed::contains).isPresent();
              Chat its = shown ? before.withCurrent(root.parent()) : before;
              return new Change(its.at(now()), List.of(), removed);
            });
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("deleted", removed.size());
    body.put("current", chat.current().orElse(null));
    ground.send(exchange, 200, body);
  }

  /** Messages come after those that they follow. */
  private static Set<String> withAllBelow(List<Message> all, Message root) {
    Set<String> below = new HashSet<>(Set.of(root.id()));
    for (Message each : all) {
      if (each.parent().filter(below::contains).isPresent()) {
        below.add(each.id());
      }
    }
    return below;
  }
}
