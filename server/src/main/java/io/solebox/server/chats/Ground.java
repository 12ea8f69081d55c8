package io.solebox.server.chats;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.chats.run.Runs;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What all routes of chats stand on: what they share, and how they read and answer. */
record Ground(
    JsonWriter json, Chats chats, Runs runs, ChatNews news, Clock clock, int maxBodyBytes) {
  private static final FieldTable TABLE =
      FieldTable.read(Ground.class.getResourceAsStream("fields.txt"));

  /** Makes something of a body's fields. */
  @FunctionalInterface
  interface Reader<T> {
    T read(Fields fields) throws InterruptedException;
  }

  Route get(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(maxBodyBytes);
    return new Route(Method.POST, path, Permission.USE_MODELS, limits, handler);
  }

  /** A POST that says all by its path. */
  Route act(String path, Route.Handler handler) {
    return new Route(Method.POST, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  Route delete(String path, Route.Handler handler) {
    return new Route(Method.DELETE, path, Permission.USE_MODELS, RouteLimits.NO_BODY, handler);
  }

  /**
   * @param place in the table of fields
   */
  <T> T read(Exchange exchange, String place, Reader<T> reader) throws InterruptedException {
    return exchange.readObject(
        JsonSkips.NONE,
        body -> {
          Fields fields = new Fields(TABLE, place, "", body);
          T read = reader.read(fields);
          fields.settle(true);
          return read;
        });
  }

  /** The members of a value that must be an object. */
  static Fields fields(String place, Object value, String param) {
    return Fields.of(TABLE, place, value, param);
  }

  void send(Exchange exchange, int status, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(status, "application/json", json.bytes(body));
  }

  /** A chat as lists have it. */
  Map<String, Object> shown(Chat chat) {
    return chat.json(runs.isRunning(chat.id()));
  }

  /** A chat with all that is in it. */
  Map<String, Object> whole(String owner, Chat chat) {
    List<Message> messages = chats.of(owner, chat.id()).messages(owner, chat.id());
    Map<String, Object> body = new LinkedHashMap<>(shown(chat));
    body.put("settings", chat.settings());
    body.put("current", chat.current().orElse(null));
    body.put(
        "messages", messages.stream().map(each -> current(owner, chat.id(), each).json()).toList());
    return body;
  }

  /** A message as it is now; one that runs is further than what is kept of it. */
  Message current(String owner, String chat, Message kept) {
    if (kept.state() != Message.State.RUNNING) {
      return kept;
    }
    Optional<Message> running = runs.message(owner, kept.id());
    if (running.isPresent()) {
      return running.get();
    }
    Message again = chats.of(owner, chat).message(owner, chat, kept.id()).orElse(kept);
    return again.state() == Message.State.RUNNING
        ? again.endedEarly(Message.State.FAILED).with("error", Runs.serverEnded())
        : again;
  }

  /** Tells the pages of somebody that a chat is another now. */
  void tell(String owner, Chat chat) {
    Map<String, Object> what = new LinkedHashMap<>();
    what.put("type", "chat");
    what.put("chat", shown(chat));
    news.tell(owner, what);
  }

  static boolean flag(Optional<String> given, String name) {
    return switch (given.orElse("false")) {
      case "true" -> true;
      case "false" -> false;
      case String _ -> throw Params.invalidValue(name, "'" + name + "' must be true or false.");
    };
  }

  static int limit(Optional<String> given, int usual, int most) {
    try {
      int limit = given.map(Integer::parseInt).orElse(usual);
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw Params.invalidValue("limit", "'limit' must be 1 to " + most + ".");
  }

  /** A text that may not be longer than that. */
  static String bounded(String text, String param, int most) {
    if (text.length() > most) {
      throw Params.invalidValue(
          param, "'%s' can have %d characters at most.".formatted(param, most));
    }
    return text;
  }

  static Problem conflict(String code, String message) {
    return Problem.of(409, code, message);
  }
}
