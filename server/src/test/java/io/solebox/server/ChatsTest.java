package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.host.ModelState;
import io.solebox.server.ChatClient.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chats of the pages, as a page uses them. */
@Timeout(60)
class ChatsTest {
  @TempDir private static Path folder;
  private static TestServer server;
  private static ChatClient client;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
    server.ready("thinking", EchoModel.thinking());
    client = new ChatClient(server);
    client.post("/preferences", "titles", false); // so that only what is asked for is computed
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void quick() {
    server.model.pace(0, 0);
  }

  @Test
  void aTurnIsAnsweredAndKept() throws IOException {
    String chat = client.chat();
    RawClient.Answer begun = client.say(chat, "hello there");
    assertEquals(202, begun.status(), begun::text);
    assertEquals("running", begun.at("answer.state"));
    assertEquals(begun.at("user.id"), begun.at("answer.parent"));
    Map<String, Object> answer = client.end(chat, begun);
    assertEquals("hello there", answer.get("text"));
    assertEquals("done", answer.get("state"));
    assertEquals("stop", answer.get("finish"));
    assertEquals("echo", answer.get("model"));
    assertEquals(11L, RawClient.at(answer, "usage.completion_tokens"));
    for (String name :
        List.of("prompt_tokens", "cached_tokens", "ttft_ms", "total_ms", "queue_ms")) {
      assertTrue((Long) RawClient.at(answer, "usage." + name) >= 0, name);
    }
    RawClient.Answer whole = client.get(chat);
    assertEquals(answer.get("id"), whole.at("current"));
    assertEquals("hello there", whole.at("title"));
    assertEquals(false, whole.at("running"));
    assertEquals("echo", whole.at("model"));
    assertEquals(answer, client.messages(chat).getLast());
    assertEquals(begun.at("user"), client.messages(chat).getFirst());
  }

  /** Whoever hears of the end finds all that it brings, however late or early he looked. */
  @Test
  void theChatIsTheAnswersWhenItsEndIsTold() throws IOException {
    for (int i = 0; i < 50; i++) {
      String chat = client.chat();
      client.end(chat, client.say(chat, "hello"));
      assertEquals("echo", client.get(chat).at("model"));
      assertEquals(false, client.get(chat).at("running"));
    }
  }

  /** By characters as people count them, not by halves of them. */
  @Test
  void aLongFirstLineIsCutForATitle() throws IOException {
    for (String sign : List.of("a", "é", "😀")) {
      String chat = client.chat();
      client.end(chat, client.say(chat, sign.repeat(40) + "\nmore"));
      assertEquals(sign.repeat(40), client.get(chat).at("title"));
      chat = client.chat();
      client.end(chat, client.say(chat, sign.repeat(80)));
      assertEquals(sign.repeat(59) + "…", client.get(chat).at("title"));
    }
  }

  @Test
  void eventsAreNumberedAndReadFromAnywhere() throws IOException {
    server.model.pace(0, 30);
    String chat = client.chat();
    Object id = client.say(chat, "abcdefghij").at("answer.id");
    List<Event> all = client.events(chat, id, "");
    assertEquals(
        LongStream.rangeClosed(1, all.size()).boxed().toList(),
        all.stream().map(Event::id).toList());
    all.forEach(event -> assertEquals(event.id(), event.at("n")));
    assertEquals("abcdefghij", ChatClient.said(all, "text"));
    assertEquals("end", all.getLast().type());
    // Whoever comes late hears what is behind what he has; and how it ended, once that is all there
    // is to say.
    assertEquals(all.subList(7, all.size()), client.events(chat, id, "?after=7"));
    for (long after : new long[] {all.size(), all.size() + 5}) {
      List<Event> end = client.events(chat, id, "?after=" + after);
      assertEquals(List.of("end"), end.stream().map(Event::type).toList());
      assertEquals(after + 1, end.getFirst().id());
      assertEquals(all.getLast().at("message"), end.getFirst().at("message"));
    }
    assertEquals(400, client.get(chat + "/messages/" + id + "/events?after=x").status());
    assertEquals(404, client.get(chat + "/messages/msg_none/events").status());
  }

  @Test
  void whoLeavesDoesNotEndItAndASecondReaderSeesTheSame() throws IOException {
    server.model.pace(0, 30);
    String chat = client.chat();
    Object id = client.say(chat, "abcdefghijklmnopqrstuvwxyz").at("answer.id");
    long last = 0;
    try (RawClient raw = server.client()) {
      raw.request("GET", chat + "/messages/" + id + "/events", new byte[0]);
      raw.receiveHead();
      while (last < 3) {
        String line = raw.line();
        last = line.startsWith("id: ") ? Long.parseLong(line.substring(4)) : last;
      }
      raw.reset();
    }
    assertEquals(true, client.get(chat).at("running"));
    assertEquals("running", client.messages(chat).getLast().get("state"));
    assertEquals(
        id,
        ((Map<?, ?>) ((List<?>) client.get("/chats/running").at("running")).getFirst())
            .get("message"));
    List<Event> rest =
        ChatClient.events(
            server.get(chat + "/messages/" + id + "/events", "Last-Event-ID: " + last));
    assertEquals(last + 1, rest.getFirst().id());
    assertTrue("abcdefghijklmnopqrstuvwxyz".endsWith(ChatClient.said(rest, "text")));
    assertEquals("abcdefghijklmnopqrstuvwxyz", rest.getLast().at("message.text"));
  }

  @Test
  void oneThatIsStoppedKeepsWhatItSaid() throws IOException {
    server.model.pace(0, 20);
    String chat = client.chat();
    Object id = client.say(chat, "!forever").at("answer.id");
    while (((String) client.messages(chat).getLast().get("text")).length() < 3) {
      // it goes on
    }
    RawClient.Answer stopped = client.server().post(chat + "/messages/" + id + "/stop", "");
    assertEquals("stopped", stopped.at("state"), stopped::text);
    assertTrue(((String) stopped.at("text")).length() >= 3);
    assertTrue((Long) stopped.at("usage.completion_tokens") >= 3);
    assertEquals(stopped.json(), client.messages(chat).getLast());
    assertEquals(0, server.model.running());
  }

  @Test
  void oneThatBreaksOffSaysWhyAndKeepsWhatItSaid() throws IOException {
    String chat = client.chat();
    Map<String, Object> answer = client.end(chat, client.say(chat, "!fail"));
    assertEquals("failed", answer.get("state"));
    assertEquals(3, ((String) answer.get("text")).length());
    assertTrue(((String) RawClient.at(answer, "error.message")).contains("The disk is gone"));
  }

  @Test
  void whatCannotBeAskedIsRefusedInTheWordsOfTheApiAndNothingIsKept() throws IOException {
    String chat = client.chat();
    for (Map<String, Object> options :
        List.of(
            ChatClient.of("temperature", -1L),
            ChatClient.of("top_logprobs", 3L),
            ChatClient.of("temprature", 1L),
            ChatClient.of("n", 2L),
            ChatClient.of("messages", List.of()),
            ChatClient.of("response_format", ChatClient.of("type", "nonsense")))) {
      RawClient.Answer refused =
          client.post(chat + "/turns", "text", "x", "model", "echo", "options", options);
      assertEquals(400, refused.status(), options::toString);
    }
    RawClient.Answer none = client.post(chat + "/turns", "text", "x", "model", "nobody");
    assertEquals(404, none.status());
    assertEquals(400, client.post(chat + "/turns", "model", "echo").status());
    assertEquals(404, client.post(chat + "/turns", "text", "x", "parent", "msg_x").status());
    assertEquals(404, client.post("/chats/none/turns", "text", "x").status());
    assertEquals(List.of(), client.messages(chat));
    assertEquals("", client.get(chat).at("title"));
  }

  /** Before its model is there to ask. */
  @Test
  void aWrongOptionIsRefusedAtOnceWhereTheModelHasToBeLoaded() throws IOException {
    server.engine.add("later", _ -> new EchoModel(true));
    String chat = client.chat();
    for (Map<String, Object> wrong :
        List.of(
            ChatClient.of("temperature", "warm"),
            ChatClient.of("max_tokens", 0L),
            ChatClient.of("context_tokens", 0L),
            ChatClient.of("logit_bias", ChatClient.of("5", 1000L)),
            ChatClient.of("nonsense", true))) {
      RawClient.Answer refused =
          client.post(chat + "/turns", "text", "hi", "model", "later", "options", wrong);
      assertEquals(400, refused.status(), refused::text);
      assertEquals(wrong.keySet().iterator().next(), head(refused.at("error.param")));
    }
    assertEquals(List.of(), client.messages(chat), "nothing is kept of them");
    assertInstanceOf(ModelState.Absent.class, server.host.state("later"));
    server.engine.remove("later");
  }

  private static String head(Object param) {
    return ((String) param).split("[.]")[0];
  }

  @Test
  void aChatMayHaveLessThanTheContextOfItsModel() throws IOException {
    String chat =
        client.chat("settings", ChatClient.of("options", ChatClient.of("context_tokens", 100L)));
    Map<String, Object> whole = client.answer(chat, null, "hello");
    assertEquals("stop", whole.get("finish"));
    RawClient.Answer tooLong = client.say(chat, "x".repeat(100));
    assertEquals("context_length_exceeded", tooLong.at("error.code"), tooLong::text);
    String words = (String) tooLong.at("error.message");
    assertTrue(words.contains("'context_tokens' is 100"), words);
    assertEquals(2, client.messages(chat).size(), "nothing is kept of it");
    Map<String, Object> cut = client.end(chat, client.say(chat, "x".repeat(60)));
    assertEquals("length", cut.get("finish"));
    assertEquals(
        100L,
        (Long) RawClient.at(cut, "usage.prompt_tokens")
            + (Long) RawClient.at(cut, "usage.completion_tokens"));
    RawClient.Answer more =
        client.post(
            chat + "/turns", "text", "hi", "options", ChatClient.of("context_tokens", 5000L));
    assertEquals("context_tokens", more.at("error.param"), more::text);
    assertEquals(
        202,
        client
            .post(
                chat + "/turns",
                "text",
                "x".repeat(100),
                "options",
                ChatClient.of("context_tokens", null))
            .status());
  }

  @Test
  void optionsOfTheChatCountWhereARequestSaysNothing() throws IOException {
    String chat =
        client.chat(
            "settings",
            ChatClient.of(
                "model",
                "echo",
                "system",
                "Be kind.",
                "options",
                ChatClient.of("max_tokens", 3L, "temperature", 0.5)));
    Map<String, Object> first = client.end(chat, client.post(chat + "/turns", "text", "abcdef"));
    assertEquals("abc", first.get("text"));
    assertEquals("length", first.get("finish"));
    assertEquals(0.5, RawClient.at(first, "options.temperature"));
    Map<String, Object> second =
        client.end(
            chat,
            client.post(
                chat + "/turns",
                "text",
                "abcdef",
                "parent",
                first.get("id"),
                "options",
                ChatClient.of("max_tokens", null)));
    assertEquals("abcdef", second.get("text"));
    assertFalse(((Map<?, ?>) second.get("options")).containsKey("max_tokens"));
  }

  @Test
  void thoughtsAreToldApart() throws IOException {
    String chat = client.chat();
    RawClient.Answer begun =
        client.post(
            chat + "/turns",
            "text",
            "why</think>because",
            "model",
            "thinking",
            "options",
            ChatClient.of("reasoning_effort", "high"));
    List<Event> events = client.events(chat, begun.at("answer.id"), "");
    Map<String, Object> answer = client.messages(chat).getLast();
    assertEquals("because", answer.get("text"), events::toString);
    assertEquals("why", answer.get("reasoning"));
    assertTrue((Long) answer.get("reasoning_ms") >= 0);
  }

  @Test
  void probabilitiesGoWithTheText() throws IOException {
    String chat = client.chat();
    server.model.pace(50, 30);
    RawClient.Answer begun =
        client.post(
            chat + "/turns",
            "text",
            "abcdefgh",
            "model",
            "echo",
            "options",
            ChatClient.of("logprobs", true, "top_logprobs", 2L));
    List<Event> texts =
        client.events(chat, begun.at("answer.id"), "").stream()
            .filter(event -> event.type().equals("text"))
            .toList();
    Map<?, ?> token = (Map<?, ?>) ((List<?>) texts.getFirst().at("logprobs")).getFirst();
    assertEquals("a", token.get("token"));
    assertEquals(2, ((List<?>) token.get("top")).size());
    assertEquals(true, client.messages(chat).getLast().get("logprobs"));
  }

  @Test
  void aChatIsATree() throws IOException {
    String chat = client.chat();
    RawClient.Answer begun = client.say(chat, "one");
    Map<String, Object> first = client.end(chat, begun);
    Object user = begun.at("user.id");
    Map<String, Object> second =
        client.end(chat, client.post(chat + "/answers", "parent", user, "model", "echo"));
    assertEquals(user, first.get("parent"));
    assertEquals(user, second.get("parent"));
    Map<String, Object> other = client.answer(chat, (String) first.get("id"), "two");
    assertEquals("two", other.get("text"));
    assertEquals(5, client.messages(chat).size());
    client.post(chat, "current", second.get("id"));
    assertEquals(second.get("id"), client.get(chat).at("current"));
    assertEquals(
        400, client.post(chat + "/answers", "parent", first.get("id"), "model", "echo").status());
    RawClient.Answer gone = client.delete(chat + "/messages/" + first.get("id"));
    assertEquals(3L, gone.at("deleted"));
    assertEquals(second.get("id"), gone.at("current"));
    assertEquals(user, client.delete(chat + "/messages/" + second.get("id")).at("current"));
    client.delete(chat + "/messages/" + user);
    assertEquals(List.of(), client.messages(chat));
    assertNull(client.get(chat).at("current"));
  }

  @Test
  void messagesAreEditedAndWritten() throws IOException {
    String chat = client.chat();
    RawClient.Answer begun = client.say(chat, "one");
    client.end(chat, begun);
    String user = chat + "/messages/" + begun.at("user.id");
    assertEquals("uno", client.post(user, "text", "uno").at("text"));
    assertEquals("uno", client.get(user).at("text"));
    Object answer = begun.at("answer.id");
    client.post(chat + "/messages/" + answer, "text", "eins");
    List<Event> events =
        client.events(chat, answer, ""); // what happened before is not what it says now
    assertEquals(List.of("end"), events.stream().map(Event::type).toList());
    assertEquals("eins", events.getFirst().at("message.text"));
    RawClient.Answer written =
        client.post(
            chat + "/messages", "parent", begun.at("user.id"), "role", "assistant", "text", "mine");
    assertEquals("done", written.at("state"));
    assertEquals(written.at("id"), client.get(chat).at("current"));
    assertEquals(400, client.post(chat + "/messages", "role", "system", "text", "x").status());
  }

  @Test
  void anAnswerGoesOnFromItsText() throws IOException {
    String chat = client.chat();
    Map<String, Object> first = client.end(chat, client.say(chat, "abc"));
    String message = chat + "/messages/" + first.get("id");
    RawClient.Answer begun =
        client.post(
            message + "/continue", "text", "xyz", "options", ChatClient.of("max_tokens", 2L));
    assertEquals(202, begun.status(), begun::text);
    assertEquals("xyz", begun.at("answer.text"));
    List<Event> events = client.events(chat, first.get("id"), "");
    Map<String, Object> then = client.messages(chat).getLast();
    assertEquals("xyz", then.get("text").toString().substring(0, 3));
    assertEquals(5, then.get("text").toString().length(), then::toString);
    assertEquals(first.get("id"), then.get("id"));
    assertEquals("end", events.getLast().type());
    assertEquals(400, client.post(message + "/continue", "text", " ").status());
  }

  @Test
  void whatIsAttachedStandsInFront() throws IOException {
    String chat = client.chat();
    Map<String, Object> attachment =
        ChatClient.of(
            "name", "a\"b.md", "type", "text/markdown", "bytes", 4L, "tokens", 2L, "text", "note");
    RawClient.Answer begun =
        client.post(
            chat + "/turns", "text", "hi", "model", "echo", "attachments", List.of(attachment));
    client.end(chat, begun);
    String prompt = new EchoTokenizer().decode(server.model.lastRequest().prompt(), true);
    assertTrue(prompt.contains("user\n<file name=\"a'b.md\">\nnote\n</file>\n\nhi\n"), prompt);
    assertEquals(List.of(attachment), client.messages(chat).getFirst().get("attachments"));
  }

  @Test
  void listsArePagedAndFiltered() throws IOException {
    String a = client.chat("title", "A", "folder", "Work", "tags", List.of("x", "y"));
    String b = client.chat("title", "B", "folder", "Work");
    String c = client.chat("title", "C", "tags", List.of("y"));
    assertEquals(List.of(id(b), id(a)), ids("?folder=Work"));
    assertEquals(List.of(id(c), id(a)), ids("?tag=y"));
    assertEquals(List.of(id(b)), ids("?folder=Work&limit=1"));
    assertEquals(List.of(id(a)), ids("?folder=Work&limit=1&after=" + id(b)));
    assertEquals(true, client.get("/chats?folder=Work&limit=1").at("more"));
    assertEquals(List.of(), ids("?folder=None"));
    client.post(a, "pinned", true);
    assertEquals(List.of(id(a)), ids("?pinned=true&folder=Work"));
    client.post(b, "archived", true);
    assertEquals(List.of(id(a)), ids("?folder=Work"));
    assertEquals(List.of(id(b)), ids("?archived=true"));
    client.post(a, "folder", null, "tags", List.of());
    assertEquals(List.of(), ids("?folder=Work"));
    assertEquals("A", client.get(a).at("title"));
    assertEquals(400, client.get("/chats?limit=0").status());
    assertEquals(400, client.get("/chats?pinned=maybe").status());
    assertEquals(404, client.get("/chats?after=chat_none").status());
    assertEquals(
        2L, client.post("/chats/delete", "ids", List.of(id(a), id(c), "none")).at("deleted"));
    assertEquals(404, client.get(a).status());
    assertEquals(400, client.post("/chats/delete").status());
  }

  private static String id(String chat) {
    return chat.substring("/chats/".length());
  }

  private static List<Object> ids(String query) throws IOException {
    List<?> chats = (List<?>) client.get("/chats" + query).at("chats");
    return chats.stream().map(each -> (Object) ((Map<?, ?>) each).get("id")).toList();
  }

  @Test
  void temporaryOnesAreNotInTheFile() throws IOException {
    String chat = client.chat("temporary", true);
    client.answer(chat, null, "nobody shall know");
    assertEquals(true, client.get(chat).at("temporary"));
    assertFalse(ids("?limit=200").contains(id(chat)));
    assertTrue(ids("?temporary=true").contains(id(chat)));
    assertEquals(1L, client.delete(chat).at("deleted"));
    assertEquals(404, client.get(chat).status());
  }

  @Test
  void pagesHearWhatBecomesOfChats() throws IOException {
    try (RawClient raw = server.client()) {
      raw.request("GET", "/chats/events", new byte[0]);
      raw.receiveHead();
      String chat = client.chat("title", "told");
      String line = raw.line();
      while (!line.contains("told")) {
        line = raw.line();
      }
      assertTrue(line.contains("\"type\":\"chat\""), line);
      client.delete(chat);
      while (!line.contains("\"type\":\"deleted\"")) {
        line = raw.line();
      }
      assertTrue(line.contains(id(chat)), line);
    }
  }
}
