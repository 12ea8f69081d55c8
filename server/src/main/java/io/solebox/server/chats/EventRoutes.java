package io.solebox.server.chats;

import io.solebox.server.chats.run.AnswerLog;
import io.solebox.server.chats.run.Order;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Step;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Registration;
import io.solebox.server.http.Route;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens: to an answer while it is computed, and to all chats of somebody. */
final class EventRoutes {
  /** Whoever ends what has no end of its own ends it by then. */
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Ground ground;

  EventRoutes(Ground ground) {
    this.ground = ground;
  }

  List<Route> routes() {
    return List.of(
        ground.get("/chats/running", this::running),
        ground.get("/chats/events", this::changes),
        ground.get(MessageRoutes.ONE + "/events", this::events),
        ground.act(MessageRoutes.ONE + "/stop", this::stop));
  }

  private void running(Exchange exchange) {
    List<Object> running =
        ground.runs().of(Owners.of(exchange)).stream().map(EventRoutes::running).toList();
    ground.send(exchange, 200, Map.of("running", running));
  }

  private static Object running(Order order) {
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("chat", order.chat());
    told.put("message", order.answer().id());
    return told;
  }

  private void changes(Exchange exchange) throws InterruptedException {
    try (ChatNews.Listener listener = ground.news().listen(Owners.of(exchange));
        EventStream out = exchange.startStream(EventStream.Framing.EVENTS)) {
      while (!exchange.mustEnd() && !exchange.clientGone()) {
        listener.next(LOOK).ifPresent(what -> out.send(ground.json().bytes(what)));
      }
    }
  }

  private static long after(Exchange exchange) {
    Optional<String> given = exchange.query("after").or(() -> exchange.header("Last-Event-ID"));
    try {
      long after = given.map(Long::parseLong).orElse(0L);
      if (after >= 0) {
        return after;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number below zero.
    }
    throw Params.invalidValue("after", "'after' must be the number of an event.");
  }

  private void events(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String chat = exchange.parameter("id");
    String id = exchange.parameter("message");
    long after = after(exchange);
    Message kept = ground.chats().message(owner, chat, id);
    // In this order: one that ends meanwhile is kept as it ended.
    Optional<AnswerLog> log = ground.runs().log(owner, id, after);
    if (log.isPresent()) {
      follow(log.get(), after, exchange);
      return;
    }
    Message ended = ground.current(owner, chat, ground.chats().message(owner, chat, kept.id()));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("n", after + 1);
    event.put("type", "end");
    event.put("message", ended.json());
    try (EventStream out = exchange.startStream(EventStream.Framing.EVENTS)) {
      out.sendNumbered(after + 1, ground.json().bytes(event));
    }
  }

  /** Whoever is cut off, as by the end of the server, comes back with the last number. */
  private static void follow(AnswerLog log, long after, Exchange exchange)
      throws InterruptedException {
    AnswerLog.Reader reader = log.reader();
    try (EventStream out = exchange.startStream(EventStream.Framing.EVENTS);
        Registration _ = exchange.cancelWith(reader::leave)) {
      List<AnswerLog.Event> events = reader.after(after);
      while (!events.isEmpty()) {
        events.forEach(event -> out.sendNumbered(event.number(), event.body()));
        events = reader.after(events.getLast().number());
      }
    }
  }

  private void stop(Exchange exchange) throws InterruptedException {
    String owner = Owners.of(exchange);
    String chat = exchange.parameter("id");
    String id = exchange.parameter("message");
    Message kept = ground.chats().message(owner, chat, id);
    if (!ground.runs().stop(owner, id) && kept.state() == Message.State.WAITING) {
      refuseAll(owner, chat, kept);
    }
    Message now = ground.current(owner, chat, ground.chats().message(owner, chat, id));
    ground.send(exchange, 200, now.json());
  }

  /** Whoever stops an answer that waits for a word has said it. */
  private void refuseAll(String owner, String chat, Message waiting) {
    Message stopped = waiting.withState(Message.State.STOPPED);
    for (Step step : waiting.steps()) {
      for (Call call : step.calls()) {
        if (call.isUndecided()) {
          stopped = stopped.with(call.withState(Call.State.REFUSED));
        }
      }
    }
    ground.chats().of(owner, chat).update(owner, chat, stopped);
    ground.runs().changed(stopped.id());
  }
}
