package io.solebox.server.chats;

import io.solebox.server.answers.Terms;
import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.run.Prompting;
import io.solebox.server.chats.store.Attachment;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Chat.TitledBy;
import io.solebox.server.chats.store.ChatStore;
import io.solebox.server.chats.store.ChatStore.Change;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Message.Role;
import io.solebox.server.chats.store.Message.State;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.http.Route;
import io.solebox.server.http.WorkItem;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Ids;
import io.solebox.server.storage.Owners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What asks a model in a chat: turns, further answers, and going on. */
final class TurnRoutes {
  private static final int PROVISIONAL_TITLE = 60;
  private static final List<String> OF_AN_END =
      List.of("error", "usage", "finish", "tool_calls", "logprobs", "receipt");

  private final Ground ground;
  private final Models models;
  private final Personas personas;

  /** Who is asked for in a chat's settings. */
  @FunctionalInterface
  interface Personas {
    /**
     * @return what the persona says; nothing where there is none
     */
    Map<String, Object> of(String owner, Optional<String> id);
  }

  TurnRoutes(Ground ground, Models models, Personas personas) {
    this.ground = ground;
    this.models = models;
    this.personas = personas;
  }

  List<Route> routes() {
    return List.of(
        ground.post(ChatRoutes.ONE + "/turns", this::turn),
        ground.post(ChatRoutes.ONE + "/answers", this::answer),
        ground.post(MessageRoutes.ONE + "/continue", this::goOn));
  }

  /** Where something is asked, and with what. */
  private record Asked(
      String owner,
      Chat chat,
      List<Message> all,
      String system,
      List<Attachment> documents,
      Optional<String> model,
      Map<String, Object> options) {
    Map<String, Object> body(List<Message> path, boolean goesOn) {
      return Prompting.body(model, system, documents, path, options, goesOn);
    }

    /** An answer that begins. */
    Message begun(Optional<String> parent, long now) {
      Message answer =
          Message.said(Ids.of("msg"), parent, Role.ASSISTANT, now, "").withState(State.RUNNING);
      return with(answer);
    }

    Message with(Message answer) {
      Message its = model.isPresent() ? answer.with("model", model.get()) : answer;
      return options.isEmpty() ? its.without("options") : its.with("options", options);
    }
  }

  private Asked asked(Exchange exchange, Fields body) {
    String owner = Owners.of(exchange);
    Chat chat = ground.chats().find(owner, exchange.parameter("id"));
    Map<String, Object> persona = personas.of(owner, text(chat.settings(), "persona"));
    Map<String, Object> options = new LinkedHashMap<>();
    List.of(persona, chat.settings()).forEach(from -> options.putAll(options(from)));
    ChatReader.options(body).ifPresent(options::putAll);
    options.values().removeIf(value -> value == null);
    String system = text(chat.settings(), "system").or(() -> text(persona, "system")).orElse("");
    Optional<String> model =
        body.string("model")
            .filter(name -> !name.isBlank())
            .or(() -> text(chat.settings(), "model"))
            .or(() -> text(persona, "model"))
            .or(chat::model);
    List<Message> all = ground.chats().of(owner, chat.id()).messages(owner, chat.id());
    List<Attachment> documents =
        Optional.ofNullable(persona.get("attachments")).map(Attachment::listOf).orElse(List.of());
    return new Asked(owner, chat, all, system, documents, model, options);
  }

  private static Optional<String> text(Map<String, Object> from, String name) {
    return Optional.ofNullable((String) from.get(name)).filter(text -> !text.isBlank());
  }

  @SuppressWarnings("unchecked") // as they were read
  private static Map<String, Object> options(Map<String, Object> from) {
    return (Map<String, Object>) from.getOrDefault("options", Map.of());
  }

  private void turn(Exchange exchange) throws InterruptedException {
    begin(
        exchange,
        "turn",
        body -> {
          Asked asked = asked(exchange, body);
          Optional<String> parent = body.string("parent");
          List<Message> path = new ArrayList<>();
          parent.ifPresent(id -> path.addAll(finished(asked, id)));
          String text = body.string("text").orElseThrow(() -> Params.missing("text"));
          long now = ground.clock().millis();
          Message user =
              Message.said(Ids.of("msg"), parent, Role.USER, now, text)
                  .withAttachments(ChatReader.attachments(body));
          path.add(user);
          Message answer = asked.begun(Optional.of(user.id()), now);
          return new Wish(asked, asked.body(path, false), Optional.of(user), answer);
        });
  }

  private void answer(Exchange exchange) throws InterruptedException {
    begin(
        exchange,
        "answer",
        body -> {
          Asked asked = asked(exchange, body);
          String parent = body.required("parent");
          List<Message> path = finished(asked, parent);
          if (path.getLast().role() != Role.USER) {
            throw Params.invalidValue("parent", "Only what a user says is answered.");
          }
          Message answer = asked.begun(Optional.of(parent), ground.clock().millis());
          return new Wish(asked, asked.body(path, false), Optional.empty(), answer);
        });
  }

  private void goOn(Exchange exchange) throws InterruptedException {
    String id = exchange.parameter("message");
    begin(
        exchange,
        "continue",
        body -> {
          Asked asked = asked(exchange, body);
          List<Message> path = new ArrayList<>(finished(asked, id));
          Message before = path.removeLast();
          String text = body.string("text").orElse(before.text());
          if (before.role() != Role.ASSISTANT || text.isBlank()) {
            throw Params.invalidValue(
                "text", "There is no text of an assistant to go on with; ask for a new answer.");
          }
          Message begun = asked.with(before).withText(text).withState(State.RUNNING);
          for (String name : OF_AN_END) {
            begun = begun.without(name);
          }
          path.add(begun);
          return new Wish(asked, asked.body(path, true), Optional.empty(), begun);
        });
  }

  /** The messages up to one; none of them is still being written. */
  private static List<Message> finished(Asked asked, String last) {
    List<Message> path = Prompting.path(asked.all(), last);
    if (path.stream().anyMatch(each -> each.state() == State.RUNNING)) {
      throw Ground.conflict(
          "still_running", "This answer is still being written. Wait for it, or stop it.");
    }
    return path;
  }

  /**
   * An answer that is wanted.
   *
   * @param body as the API takes it
   * @param user what is new before the answer
   */
  private record Wish(
      Asked asked, Map<String, Object> body, Optional<Message> user, Message answer) {
    Change change(Chat chat, long now) {
      List<Message> written = new ArrayList<>(user.stream().toList());
      written.add(answer);
      Chat its = chat.at(now).withCurrent(Optional.of(answer.id()));
      if (chat.title().isEmpty() && user.isPresent()) {
        its = its.withTitle(provisional(user.get().text()), TitledBy.NOBODY);
      }
      return new Change(its, written, List.of());
    }

    private static String provisional(String text) {
      String line = text.strip().lines().findFirst().orElse("");
      return line.codePointCount(0, line.length()) <= PROVISIONAL_TITLE
          ? line
          : line.substring(0, line.offsetByCodePoints(0, PROVISIONAL_TITLE - 1)) + "…";
    }
  }

  private void begin(Exchange exchange, String place, Ground.Reader<Wish> reader)
      throws InterruptedException {
    RequestNotes notes = exchange.handOverNotes();
    Models.Use use = models.useBehind(exchange, notes);
    Order order;
    Wish wish;
    try {
      wish = ground.read(exchange, place, reader);
      order = order(wish, exchange, notes);
    } catch (RuntimeException | Error | InterruptedException e) {
      use.close();
      throw e;
    }
    Message answer = ground.runs().begin(order, use);
    ground.tell(order.owner(), ground.chats().find(order.owner(), order.chat()));
    Map<String, Object> body = new LinkedHashMap<>();
    wish.user().ifPresent(user -> body.put("user", user.json()));
    body.put("answer", answer.json());
    ground.send(exchange, 202, body);
  }

  private Order order(Wish wish, Exchange exchange, RequestNotes notes) {
    String owner = wish.asked().owner();
    String chat = wish.asked().chat().id();
    ChatStore store = ground.chats().of(owner, chat);
    WorkItem item =
        WorkItem.ofChat(wish.answer().id(), exchange.id(), exchange.path(), owner, notes);
    return new Order(
        owner,
        store,
        chat,
        wish.body(),
        wish.answer(),
        Terms.USUAL.of(exchange),
        item,
        () -> {
          if (store
              .change(owner, chat, before -> wish.change(before, ground.clock().millis()))
              .isEmpty()) {
            throw Chats.notFound("chat", chat);
          }
        });
  }
}
