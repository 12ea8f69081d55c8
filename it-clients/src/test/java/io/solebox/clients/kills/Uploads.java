package io.solebox.clients.kills;

import io.solebox.clients.kills.Api.Answer;
import io.solebox.clients.kills.Api.Pass;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * What somebody sends to be kept: files, chats that are taken in, messages with attachments. Owned
 * by one thread at a time.
 */
final class Uploads {
  private static final Map<String, Object> NOTHING = Map.of();

  /** Some of them are more than a piece of a sealed file, which has 64 KiB. */
  private static final int MOST_WORDS = 10_000;

  private static final String TITLE = "taken in";
  private static final int MESSAGES = 3;

  /** One of them, where it is, and what stands in it. */
  record Sent(String path, String text) {}

  private final String name;
  private final Tally tally;
  private final Random random;
  private final Known<Sent> files = new Known<>();
  private final Known<Sent> chats = new Known<>();
  private final Known<Sent> messages = new Known<>();
  private Optional<String> chat = Optional.empty(); // of the messages

  Uploads(String name, Tally tally, Random random) {
    this.name = name;
    this.tally = tally;
    this.random = random;
  }

  /** Sends something, or deletes it. */
  void act(Api api, Pass pass) throws IOException, InterruptedException {
    switch (random.nextInt(3)) {
      case 0 -> {
        if (!forgets(api, pass, files)) {
          file(api, pass);
        }
      }
      case 1 -> {
        if (!forgets(api, pass, chats)) {
          takeIn(api, pass);
        }
      }
      default -> {
        if (!forgets(api, pass, messages)) {
          attach(api, pass);
        }
      }
    }
  }

  private boolean forgets(Api api, Pass pass, Known<Sent> known)
      throws IOException, InterruptedException {
    if (!known.isEnough(random)) {
      return false;
    }
    Sent sent = known.any(random);
    known.leaving(sent);
    tally.require(api.call("DELETE", sent.path(), pass, NOTHING), Count.FORGET);
    known.gone(sent);
    return true;
  }

  private String text() {
    return (name + random.nextLong() + " ").repeat(1 + random.nextInt(MOST_WORDS));
  }

  private void file(Api api, Pass pass) throws IOException, InterruptedException {
    files.made(send(api, pass, text(), tally));
  }

  /** Sends a file. */
  static Sent send(Api api, Pass pass, String text, Tally tally)
      throws IOException, InterruptedException {
    Answer sent = tally.require(api.upload("/v1/files", pass, text), Count.UPLOAD);
    return new Sent("/v1/files/" + sent.json().get("id"), text);
  }

  private void takeIn(Api api, Pass pass) throws IOException, InterruptedException {
    String text = text();
    List<Object> said = new ArrayList<>();
    for (int i = 0; i < MESSAGES; i++) {
      said.add(Map.of("id", "m" + i, "role", "user", "text", i == 0 ? text : "and " + i));
    }
    Map<String, Object> given = Map.of("id", "c", "title", TITLE, "messages", said);
    Map<String, Object> body =
        Map.of("format", "solebox-chats", "version", 1L, "chats", List.of(given, given));
    Answer taken = tally.require(api.call("POST", "/chats/import", pass, body), Count.IMPORT);
    for (Object each : (List<?>) taken.json().get("imported")) {
      var its = (Map<?, ?>) ((Map<?, ?>) each).get("chat");
      chats.made(new Sent("/chats/" + its.get("id"), text));
    }
  }

  private void attach(Api api, Pass pass) throws IOException, InterruptedException {
    if (chat.isEmpty()) {
      Answer made = api.call("POST", "/chats", pass, Map.of("title", "with attachments"));
      if (made.status() != 200) {
        throw new IllegalStateException(name + ": no chat was made: " + made.text());
      }
      chat = Optional.of("/chats/" + made.json().get("id"));
    }
    String text = text();
    Map<String, Object> attachment = Map.of("name", "notes.txt", "text", text);
    Map<String, Object> body =
        Map.of("role", "user", "text", "look", "attachments", List.of(attachment));
    String path = chat.get() + "/messages";
    Answer added = tally.require(api.call("POST", path, pass, body), Count.ATTACH);
    messages.made(new Sent(path + "/" + added.json().get("id"), text));
  }

  /**
   * Holds all that was said against the server as it is now.
   *
   * @return what is other
   */
  List<String> check(Api api, Pass pass) throws Exception {
    List<String> wrong = new ArrayList<>();
    wrong.addAll(files.check("file", sent -> isFile(api, pass, sent)));
    wrong.addAll(chats.check("chat", sent -> holds(api, pass, sent)));
    wrong.addAll(messages.check("message", sent -> holds(api, pass, sent)));
    wrong.addAll(halves(api, pass));
    return wrong;
  }

  /** Whether a file is there, with what was sent. */
  static boolean isFile(Api api, Pass pass, Sent sent) throws IOException, InterruptedException {
    Answer answer = api.call("GET", sent.path() + "/content", pass, NOTHING);
    if (answer.status() == 200 && !answer.text().equals(sent.text())) {
      throw new IllegalStateException(sent.path() + " is another than was sent");
    }
    return isThere(sent.path(), answer);
  }

  private static boolean holds(Api api, Pass pass, Sent sent)
      throws IOException, InterruptedException {
    Answer answer = api.call("GET", sent.path(), pass, NOTHING);
    if (answer.status() == 200 && !answer.text().contains(sent.text())) {
      throw new IllegalStateException(sent.path() + " is another than was sent");
    }
    return isThere(sent.path(), answer);
  }

  private static boolean isThere(String path, Answer answer) {
    return switch (answer.status()) {
      case 200 -> true;
      case 404 -> false;
      default ->
          throw new IllegalStateException(
              path + " was answered " + answer.status() + " " + answer.text());
    };
  }

  /** Chats whose taking in was broken off are there whole or not at all. */
  private List<String> halves(Api api, Pass pass) throws IOException, InterruptedException {
    List<String> wrong = new ArrayList<>();
    Answer all = api.call("GET", "/chats?limit=200", pass, NOTHING);
    for (Object each : (List<?>) all.json().get("chats")) {
      var its = (Map<?, ?>) each;
      if (TITLE.equals(its.get("title"))) {
        Answer whole = api.call("GET", "/chats/" + its.get("id"), pass, NOTHING);
        int there = ((List<?>) whole.json().get("messages")).size();
        if (there != MESSAGES) {
          wrong.add("chat %s has %d messages".formatted(its.get("id"), there));
        }
      }
    }
    return wrong;
  }
}
