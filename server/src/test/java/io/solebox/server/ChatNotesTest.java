package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Priority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people find and note beside their chats. */
@Timeout(60)
class ChatNotesTest {
  @TempDir private static Path folder;
  private static TestServer server;
  private static ChatClient client;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
    client = new ChatClient(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void promptsAreNotedChangedAndDeleted() throws IOException {
    RawClient.Answer made = client.post("/prompts", "name", " Mail ", "text", "Write to {{who}}.");
    assertEquals("Mail", made.at("name"), made::text);
    String path = "/prompts/" + made.at("id");
    assertEquals(made.json(), client.get(path).json());
    assertEquals("Letter", client.post(path, "name", "Letter").at("name"));
    List<?> all = (List<?>) client.get("/prompts").at("prompts");
    assertTrue(all.stream().anyMatch(each -> "Letter".equals(((Map<?, ?>) each).get("name"))));
    assertEquals(1L, client.delete(path).at("deleted"));
    assertEquals(404, client.get(path).status());
    assertEquals("text", client.post("/prompts", "name", "x").at("error.param"));
    assertEquals(400, client.post("/prompts", "nme", "x", "text", "y").status());
  }

  @Test
  void aPersonaCountsWhereTheChatSaysNothing() throws IOException {
    Object persona =
        client
            .post(
                "/personas",
                "name",
                "Short",
                "system",
                "Be short.",
                "model",
                "echo",
                "options",
                ChatClient.of("max_tokens", 2L))
            .at("id");
    client.post("/preferences", "titles", false);
    String chat = client.chat("settings", ChatClient.of("persona", persona));
    Map<String, Object> answer = client.end(chat, client.post(chat + "/turns", "text", "abcdef"));
    assertEquals("ab", answer.get("text"));
    String prompt = new EchoTokenizer().decode(server.model.lastRequest().prompt(), true);
    assertTrue(prompt.startsWith("system\nBe short.\n"), prompt);
    assertEquals(200, client.delete("/personas/" + persona).status());
    client.post("/preferences", "titles", null);
  }

  @Test
  void documentsOfAPersonaStandBehindWhatItIsTold() throws IOException {
    Object document = ChatClient.of("name", "rules.md", "tokens", 3L, "text", "No cats.");
    RawClient.Answer made =
        client.post("/personas", "name", "Vet", "attachments", List.of(document));
    assertEquals("No cats.", made.at("attachments.0.text"), made::text);
    String path = "/personas/" + made.at("id");
    Map<?, ?> listed =
        ((List<?>) client.get("/personas").at("personas"))
            .stream()
                .map(each -> (Map<?, ?>) each)
                .filter(each -> made.at("id").equals(each.get("id")))
                .findFirst()
                .orElseThrow();
    assertEquals(
        ChatClient.of("name", "rules.md", "type", "", "bytes", 0L, "tokens", 3L),
        ((List<?>) listed.get("attachments")).getFirst());
    String chat = client.chat("settings", ChatClient.of("persona", made.at("id")));
    String file = "<file name=\"rules.md\">\nNo cats.\n</file>";
    client.post("/preferences", "titles", false); // so that only what is asked for is computed
    assertTold(file, chat);
    client.post(path, "system", "Be kind.\n");
    assertEquals("No cats.", client.get(path).at("attachments.0.text"), "what is not said stays");
    assertTold("Be kind.\n\n" + file, chat);
    client.post(path, "attachments", List.of());
    assertTold("Be kind.\n", chat);
    Object unnamed = ChatClient.of("text", "x");
    RawClient.Answer refused = client.post(path, "attachments", List.of(unnamed));
    assertEquals("attachments[0].name", refused.at("error.param"), refused::text);
    client.post("/preferences", "titles", null);
  }

  private static void assertTold(String system, String chat) throws IOException {
    client.end(chat, client.post(chat + "/turns", "text", "hi", "model", "echo"));
    String prompt = new EchoTokenizer().decode(server.model.lastRequest().prompt(), true);
    assertTrue(prompt.startsWith("system\n" + system + "\nuser\n"), prompt);
  }

  @Test
  void preferencesAreMerged() throws IOException {
    client.post("/preferences", "theme", "dark", "keeps", false);
    RawClient.Answer both = client.post("/preferences", "language", ChatClient.of("ui", "de"));
    assertEquals("dark", both.at("theme"));
    assertEquals("de", both.at("language.ui"));
    assertEquals(true, both.at("keeps"));
    assertFalse(client.post("/preferences", "theme", null).json().containsKey("theme"));
    assertEquals(400, client.post("/preferences", "x", "x".repeat(70_000)).status());
    assertEquals("de", client.get("/preferences").at("language.ui"));
  }

  @Test
  void foldersAndTagsAreCountedAndRenamed() throws IOException {
    String a = client.chat("folder", "Old", "tags", List.of("t"));
    client.chat("folder", "Old");
    String c = client.chat("folder", "New");
    assertEquals(ChatClient.of("chats", 2L, "name", "Old"), named("/chats/folders", "Old"));
    assertEquals(ChatClient.of("chats", 1L, "name", "t"), named("/chats/tags", "t"));
    assertEquals(
        2L, client.post("/chats/folders/rename", "from", "Old", "to", "New").at("changed"));
    assertEquals("New", client.get(a).at("folder"));
    assertEquals(ChatClient.of("chats", 3L, "name", "New"), named("/chats/folders", "New"));
    assertEquals(400, client.post("/chats/folders/rename", "from", "New").status());
    client.post("/chats/folders/rename", "from", "New", "to", null);
    assertEquals(null, client.get(c).at("folder"));
    assertEquals(Map.of(), named("/chats/folders", "New"));
  }

  private static Map<?, ?> named(String path, String name) throws IOException {
    Map<String, Object> body = client.get(path).json();
    List<?> all = (List<?>) body.values().iterator().next();
    return all.stream()
        .map(each -> (Map<?, ?>) each)
        .filter(each -> name.equals(each.get("name")))
        .findFirst()
        .orElse(Map.of());
  }

  /** What is found when all chats are read. */
  private static RawClient.Answer search(String query) throws IOException {
    RawClient.Answer answer = client.get("/chats/search?q=" + query);
    while (!answer.at("indexed").equals(1.0)) {
      answer = client.get("/chats/search?q=" + query);
    }
    return answer;
  }

  @Test
  void whatWasSaidIsFound() throws IOException {
    String chat = client.chat("title", "Recettes d'été");
    Map<String, Object> answer = client.answer(chat, null, "Crème brûlée needs vanilla");
    for (String query : List.of("creme%20VANILLA", "vanilla%20brul", "recettes%20needs")) {
      RawClient.Answer found = search(query);
      assertEquals(2, ((List<?>) found.at("hits")).size(), found::text); // question and answer
      assertEquals(chat, "/chats/" + found.at("hits.0.chat.id"));
    }
    RawClient.Answer found = search("creme");
    assertEquals("Crème brûlée needs vanilla", found.at("hits.0.snippet"));
    assertEquals(List.of(List.of(0L, 5L)), found.at("hits.0.ranges"));
    assertFalse(((Map<?, ?>) found.at("hits.0")).get("message").equals(answer.get("id")));
    RawClient.Answer title = search("ete");
    assertEquals(1, ((List<?>) title.at("hits")).size(), title::text);
    assertFalse(((Map<?, ?>) title.at("hits.0")).containsKey("message"));
    assertEquals(List.of(), search("nothing%20vanilla").at("hits"));
    assertEquals(true, search("vanilla&limit=1").at("more"));
    client.post(chat + "/messages/" + answer.get("id"), "text", "cinnamon");
    assertEquals(1, ((List<?>) search("vanilla").at("hits")).size());
    assertEquals(1, ((List<?>) search("cinnamon").at("hits")).size());
    client.delete(chat);
    assertEquals(List.of(), search("cinnamon").at("hits"));
    assertEquals(400, client.get("/chats/search").status());
    assertEquals(List.of(), search("%20").at("hits"));
  }

  @Test
  void aModelMakesTheTitleUnlessSomebodyHas() throws IOException {
    client.post("/preferences", "titles", null);
    try (RawClient raw = server.client()) {
      raw.request("GET", "/chats/events", new byte[0]);
      raw.receiveHead();
      String chat = client.chat();
      client.answer(chat, null, "hello");
      while (!raw.line().contains("Write a title for this conversation")) {
        // until the title is told, which the echo has made of the wish for it
      }
      assertTrue(((String) client.get(chat).at("title")).startsWith("Write a title"));
      String named = client.chat("title", "Mine");
      client.answer(named, null, "hello");
      client.post(chat, "title", "Other");
      assertEquals("Mine", client.get(named).at("title"));
      assertEquals("Other", client.get(chat).at("title"));
    }
    assertTrue(
        server.model.requests().stream().anyMatch(each -> each.priority() == Priority.BACKGROUND));
  }

  @Test
  void whereNothingIsKeptAllIsTemporary() throws IOException {
    try (TestServer forgetful = new TestServer()) {
      ChatClient page = new ChatClient(forgetful);
      assertEquals(false, page.get("/preferences").at("keeps"));
      String chat = page.chat();
      assertEquals("hi", page.answer(chat, null, "hi").get("text"));
      assertEquals(true, page.get(chat).at("temporary"));
      assertEquals(List.of(), page.get("/chats").at("chats"));
      assertEquals(List.of(), page.get("/chats/search?q=hi").at("hits"));
      assertEquals(List.of(), page.get("/chats/folders").at("folders"));
      assertEquals(List.of(), page.get("/prompts").at("prompts"));
      assertEquals(400, page.post("/prompts", "name", "x", "text", "y").status());
      assertEquals(400, page.post("/preferences", "theme", "dark").status());
    }
  }
}
