package io.solebox.server.chats;

import io.solebox.server.answers.Terms;
import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Chat.TitledBy;
import io.solebox.server.chats.store.ChatStore;
import io.solebox.server.chats.store.ChatStore.Change;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.RequestNotes;
import io.solebox.server.http.WorkItem;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Begins the answers that requests ask for. */
record Beginnings(Ground ground, Models models, Bounds bounds) {
  private static final int PROVISIONAL_TITLE = 60;

  /** Reads what a request asks for. */
  @FunctionalInterface
  interface Reader {
    Wish read() throws InterruptedException;
  }

  /** Bounds what an answer may take. */
  @FunctionalInterface
  interface Bounds {
    Order.Asking of(String owner, String chat, Message answer, Order.Asking asking);
  }

  /**
   * An answer that is wanted.
   *
   * @param path from the first message to what is answered
   * @param user what is new before the answer
   */
  record Wish(Asked asked, List<Message> path, Optional<Message> user, Message answer) {
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

  /** Answers the request as soon as its answer has begun. */
  void begin(Exchange exchange, Reader reader) throws InterruptedException {
    RequestNotes notes = exchange.handOverNotes();
    Models.Use use = models.useBehind(exchange, notes);
    Order order;
    Wish wish;
    try {
      wish = reader.read();
      order = order(wish, Terms.USUAL.of(exchange), item(wish, exchange, notes));
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

  private static WorkItem item(Wish wish, Exchange exchange, RequestNotes notes) {
    String owner = wish.asked().owner();
    return WorkItem.ofChat(wish.answer().id(), exchange.id(), exchange.path(), owner, notes);
  }

  /** What is to be computed, and on what terms. */
  Order order(Wish wish, Terms terms, WorkItem item) {
    String owner = wish.asked().owner();
    String chat = wish.asked().chat().id();
    ChatStore store = ground.chats().of(owner, chat);
    return new Order(
        owner,
        store,
        chat,
        bounds.of(owner, chat, wish.answer(), wish.asked().behind(wish.path())),
        wish.asked().knowledge().behind(wish.path(), item.notes()),
        wish.asked().tools(),
        wish.answer(),
        terms,
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
