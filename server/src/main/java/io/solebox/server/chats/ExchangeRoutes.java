package io.solebox.server.chats;

import io.solebox.server.chats.exchange.HtmlText;
import io.solebox.server.chats.exchange.MarkdownText;
import io.solebox.server.chats.exchange.OwnFormat;
import io.solebox.server.chats.run.Prompting;
import io.solebox.server.chats.store.Chat;
import io.solebox.server.chats.store.Message;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Chats that go elsewhere, and come from elsewhere. */
final class ExchangeRoutes {
  private final Ground ground;

  ExchangeRoutes(Ground ground) {
    this.ground = ground;
  }

  List<Route> routes() {
    return List.of(
        ground.get("/chats/export", this::exportAll),
        new ImportRoute(ground).route(),
        ground.get(ChatRoutes.ONE + "/export", this::export));
  }

  private Map<String, Object> head() {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("format", OwnFormat.FORMAT);
    head.put("version", OwnFormat.VERSION);
    head.put("exported", ground.clock().millis());
    return head;
  }

  /** A chat at a time: all of them may be more than there is memory. */
  private void exportAll(Exchange exchange) {
    String owner = Owners.of(exchange);
    exchange.setHeader("Content-Disposition", "attachment; filename=\"chats.json\"");
    try (EventStream out = exchange.startStream(EventStream.Framing.PIECES)) {
      String head = ground.json().text(head());
      String begin = head.substring(0, head.length() - 1) + ",\"chats\":[";
      for (String id : ground.chats().ids(owner)) {
        Optional<Chat> chat = ground.chats().of(owner, id).find(owner, id);
        if (chat.isPresent()) { // else it was deleted meanwhile
          out.send(bytes(begin + ground.json().text(ground.whole(owner, chat.get()))));
          begin = ",";
        }
      }
      out.send(bytes((begin.equals(",") ? "" : begin) + "]}"));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private void export(Exchange exchange) {
    String owner = Owners.of(exchange);
    Chat chat = ground.chats().find(owner, exchange.parameter("id"));
    switch (exchange.query("format").orElse("json")) {
      case "json" -> {
        Map<String, Object> body = head();
        body.put("chats", List.of(ground.whole(owner, chat)));
        send(exchange, "json", "application/json", ground.json().text(body));
      }
      case "markdown" ->
          send(
              exchange,
              "md",
              "text/markdown; charset=utf-8",
              MarkdownText.of(chat, shown(owner, chat)));
      case "html" ->
          send(exchange, "html", "text/html; charset=utf-8", HtmlText.of(chat, shown(owner, chat)));
      default -> throw Params.invalidValue("format", "'format' must be json, markdown or html.");
    }
  }

  private static void send(Exchange exchange, String ending, String type, String text) {
    exchange.setHeader("Content-Disposition", "attachment; filename=\"chat." + ending + "\"");
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, type, bytes(text));
  }

  /** The messages that lead to the one that is shown last. */
  private List<Message> shown(String owner, Chat chat) {
    List<Message> all = ground.chats().of(owner, chat.id()).messages(owner, chat.id());
    return chat.current().map(last -> Prompting.path(all, last)).orElse(List.of());
  }
}
