package io.solebox.server;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a page does with chats. */
record ChatClient(TestServer server, String... headers) {
  private static final JsonWriter JSON = new JsonWriter();
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);

  /** An event of an answer. */
  record Event(long id, Map<String, Object> data) {
    String type() {
      return (String) data.get("type");
    }

    Object at(String path) {
      return RawClient.at(data, path);
    }
  }

  static Map<String, Object> of(Object... pairs) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      made.put((String) pairs[i], pairs[i + 1]);
    }
    return made;
  }

  RawClient.Answer get(String path) throws IOException {
    return server.get(path, headers);
  }

  RawClient.Answer post(String path, Object... pairs) throws IOException {
    return server.post(path, JSON.text(of(pairs)), headers);
  }

  RawClient.Answer delete(String path) throws IOException {
    return server.call("DELETE", path, "", headers);
  }

  /** A new chat's path. */
  String chat(Object... pairs) throws IOException {
    return "/chats/" + post("/chats", pairs).at("id");
  }

  /** Says something at the beginning. */
  RawClient.Answer say(String chat, String text) throws IOException {
    return post(chat + "/turns", "parent", null, "text", text, "model", "echo");
  }

  /** Says something and waits for the answer. */
  Map<String, Object> answer(String chat, String parent, String text) throws IOException {
    return end(chat, post(chat + "/turns", "parent", parent, "text", text, "model", "echo"));
  }

  /** The message as it is when it is over. */
  @SuppressWarnings("unchecked")
  Map<String, Object> end(String chat, RawClient.Answer begun) throws IOException {
    if (begun.status() != 202) {
      throw new AssertionError(begun.text());
    }
    List<Event> events = events(chat, begun.at("answer.id"), "");
    return (Map<String, Object>) events.getLast().at("message");
  }

  List<Event> events(String chat, Object message, String query) throws IOException {
    return events(get(chat + "/messages/" + message + "/events" + query));
  }

  static List<Event> events(RawClient.Answer answer) {
    List<Event> events = new ArrayList<>();
    long id = 0;
    for (String line : answer.text().lines().toList()) {
      if (line.startsWith("id: ")) {
        id = Long.parseLong(line.substring(4));
      } else if (line.startsWith("data: ")) {
        byte[] data = line.substring(6).getBytes(StandardCharsets.UTF_8);
        events.add(new Event(id, READER.readObject(data)));
      }
    }
    return events;
  }

  /** What events of a type say together. */
  static String said(List<Event> events, String type) {
    StringBuilder said = new StringBuilder();
    events.stream()
        .filter(event -> event.type().equals(type))
        .forEach(event -> said.append(event.at("text")));
    return said.toString();
  }

  /** The messages of a chat. */
  @SuppressWarnings("unchecked")
  List<Map<String, Object>> messages(String chat) throws IOException {
    return (List<Map<String, Object>>) get(chat).at("messages");
  }
}
