package io.solebox.server.chats;

import io.solebox.server.chats.run.Prompting;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Shares;
import io.solebox.server.chats.store.Shares.Share;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.People;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chats that others on this box may read. */
final class ShareRoutes {
  private static final String EVERYONE = "everyone";

  private final Ground ground;
  private final Optional<Shares> shares;
  private final People people;

  /**
   * @param shares empty where nothing may be kept
   */
  ShareRoutes(Ground ground, Optional<Shares> shares, People people) {
    this.ground = ground;
    this.shares = shares;
    this.people = people;
  }

  List<Route> routes() {
    return List.of(
        ground.get(ChatRoutes.ONE + "/share", this::get),
        ground.post(ChatRoutes.ONE + "/share", this::share),
        ground.delete(ChatRoutes.ONE + "/share", this::end),
        new Route(
            Method.GET, "/shared/{id}.json", Permission.SEE, RouteLimits.NO_BODY, this::read));
  }

  private Shares sharesOf(Chat chat) {
    if (chat.temporary()) {
      throw Params.invalidValue("id", "A temporary chat cannot be shared.");
    }
    return shares.orElseThrow();
  }

  private Chat own(Exchange exchange) {
    return ground.chats().find(Owners.of(exchange), exchange.parameter("id"));
  }

  private void get(Exchange exchange) {
    Chat chat = own(exchange);
    Optional<Share> share = shares.flatMap(its -> its.ofChat(Owners.of(exchange), chat.id()));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("share", share.map(this::told).orElse(null));
    ground.send(exchange, 200, body);
  }

  /** With whom; everybody where it is nobody in particular. */
  private record With(boolean everyone, List<String> readers) {}

  private void share(Exchange exchange) throws InterruptedException {
    Chat chat = own(exchange);
    Shares all = sharesOf(chat);
    With with = ground.read(exchange, "share", this::with);
    Share share =
        all.share(
                Owners.of(exchange),
                chat.id(),
                with.everyone(),
                with.readers(),
                ground.clock().millis())
            .orElseThrow(() -> Chats.notFound("chat", chat.id()));
    exchange.record(
        "chat.share", chat.id(), Map.of("to", with.everyone() ? EVERYONE : names(share)));
    ground.send(exchange, 200, Map.of("share", told(share)));
  }

  private With with(Fields body) {
    if (!body.required("rights").equals("read")) {
      throw Params.invalidValue("rights", "'rights' must be read.");
    }
    Object to = body.raw("to").orElseThrow(() -> Params.missing("to"));
    return switch (to) {
      case String word when word.equals(EVERYONE) -> new With(true, List.of());
      case List<?> names -> new With(false, readers(names));
      default -> throw Params.invalidValue("to", "'to' must be \"everyone\" or an array of names.");
    };
  }

  private List<String> readers(List<?> names) {
    List<String> readers = new ArrayList<>();
    for (Object each : names) {
      if (!(each instanceof String name)) {
        throw Params.invalidType("to", "an array of names", each);
      }
      readers.add(
          people
              .idOf(name)
              .orElseThrow(
                  () -> Params.invalidValue("to", "Nobody here is called '%s'.".formatted(name))));
    }
    return readers;
  }

  private String names(Share share) {
    return String.join(", ", share.readers().stream().map(people::nameOf).toList());
  }

  private Map<String, Object> told(Share share) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("id", share.id());
    told.put("url", "/s/" + share.id()); // the page; what it shows is at /shared/ID.json
    told.put("rights", "read");
    told.put(
        "to", share.everyone() ? EVERYONE : share.readers().stream().map(people::nameOf).toList());
    return told;
  }

  private void end(Exchange exchange) {
    Chat chat = own(exchange);
    boolean ended = shares.map(its -> its.end(Owners.of(exchange), chat.id())).orElse(false);
    if (ended) {
      exchange.record("chat.unshare", chat.id(), Map.of());
    }
    ground.send(exchange, 200, Map.of("deleted", ended ? 1 : 0));
  }

  /** Not what it was asked with, nor the passages of documents that are perhaps not for others. */
  private static Message shown(Message message) {
    return message.without("options").without("knowledge").without(Message.SOURCES);
  }

  /** Who may not read it learns nothing of it, not even that it is there. */
  private void read(Exchange exchange) {
    String id = exchange.parameter("id");
    Share share =
        shares
            .flatMap(its -> its.find(id))
            .filter(its -> its.isFor(Owners.of(exchange)))
            .orElseThrow(() -> Chats.notFound("shared chat", id));
    Chat chat =
        ground
            .chats()
            .of(share.owner(), share.chat())
            .find(share.owner(), share.chat())
            .orElseThrow(() -> Problem.of(404, "not_found", "This chat is gone."));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", share.id());
    body.put("title", chat.title());
    body.put("by", people.nameOf(share.owner()));
    body.put("created", chat.created());
    body.put("updated", chat.updated());
    body.put("model", chat.model().orElse(null));
    body.put("current", chat.current().orElse(null));
    List<Message> all =
        ground.chats().of(share.owner(), chat.id()).messages(share.owner(), chat.id());
    // What somebody has said in another way before is not for others to see.
    List<Message> shown = chat.current().map(last -> Prompting.path(all, last)).orElse(List.of());
    body.put(
        "messages",
        shown.stream()
            .map(each -> shown(ground.current(share.owner(), chat.id(), each)).json())
            .toList());
    ground.send(exchange, 200, body);
  }
}
