package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Chats that come from elsewhere, go elsewhere, and are read by others. */
@Timeout(60)
class ChatExchangeTest {
  private static final int MOST = 256 << 10;

  @TempDir private static Path folder;
  private static TestServer server;
  private static ChatClient ann;
  private static ChatClient ben;
  private static ChatClient cid;

  @BeforeAll
  static void start() throws IOException {
    Path keys =
        Files.writeString(
            folder.resolve("keys"),
            "%s name=ann\n%s name=ben\n%s name=cid\n"
                .formatted("a".repeat(32), "b".repeat(32), "c".repeat(32)));
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    server =
        new TestServer(
            ServerConfig.defaults()
                .withLimits(HttpLimits.defaults().withMaxBodyBytes(MOST))
                .withStateFile(folder.resolve("server.db"))
                .withApiKeyFile(keys));
    ann = client("a");
    ben = client("b");
    cid = client("c");
    ann.post("/preferences", "titles", false);
  }

  private static ChatClient client(String letter) {
    return new ChatClient(server, "Authorization: Bearer " + letter.repeat(32));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawClient.Answer give(ChatClient to, String text) throws IOException {
    return server.post("/chats/import", text, to.headers());
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ChatExchangeTest.class.getResourceAsStream("chats/" + name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static List<String> texts(ChatClient of, String chat) throws IOException {
    List<String> texts = new ArrayList<>();
    of.messages(chat).forEach(each -> texts.add((String) each.get("text")));
    return texts;
  }

  @Test
  void chatGptsTreeComesAlong() throws IOException {
    RawClient.Answer answer = give(ann, resource("chatgpt.json"));
    assertEquals(200, answer.status(), answer::text);
    assertEquals("Nothing", answer.at("failed.0.title"));
    assertEquals(3L, answer.at("imported.0.messages"));
    assertEquals(
        List.of("Left out: 1 images or other files.", "Left out: 1 messages of tools."),
        answer.at("imported.0.notes"));
    String chat = "/chats/" + answer.at("imported.0.chat.id");
    RawClient.Answer whole = ann.get(chat);
    assertEquals("Soup", whole.at("title"));
    assertEquals(1_700_000_000_500L, whole.at("created"));
    assertEquals(1_700_000_100_250L, whole.at("updated"));
    assertEquals(List.of("What soup is this?", "Leek.", "Potato."), texts(ann, chat));
    assertNull(whole.at("messages.0.parent"));
    assertEquals(whole.at("messages.0.id"), whole.at("messages.1.parent"));
    assertEquals(whole.at("messages.0.id"), whole.at("messages.2.parent"));
    assertEquals(whole.at("messages.2.id"), whole.at("current"));
    assertEquals("gpt-4o", whole.at("messages.1.model"));
  }

  @Test
  void openWebUisChatsComeAlong() throws IOException {
    RawClient.Answer answer = give(ann, resource("openwebui.json"));
    assertEquals(200, answer.status(), answer::text);
    assertEquals(
        List.of("Left out: 1 files.", "2 messages that hang on nothing were left out."),
        answer.at("imported.0.notes"));
    String chat = "/chats/" + answer.at("imported.0.chat.id");
    assertEquals(List.of("food", "oven"), ann.get(chat).at("tags"));
    assertEquals(true, ann.get(chat).at("archived"));
    assertEquals(List.of("How long?", "An hour."), texts(ann, chat));
  }

  @Test
  void whatGoesOutComesBackTheSame() throws IOException {
    String chat =
        ben.chat(
            "title",
            "Mine",
            "folder",
            "F",
            "tags",
            List.of("t"),
            "settings",
            Map.of("system", "s"));
    ben.answer(chat, null, "hello");
    String one = ben.get(chat + "/export").text();
    RawClient.Answer all = ben.get("/chats/export");
    assertEquals("solebox-chats", all.at("format"));
    assertEquals(1, ((List<?>) all.at("chats")).size());
    for (String export : List.of(one, all.text())) {
      RawClient.Answer answer = give(cid, export);
      assertEquals(List.of(), answer.at("failed"), answer::text);
      String copy = "/chats/" + answer.at("imported.0.chat.id");
      Map<String, Object> before = ben.get(chat).json();
      Map<String, Object> after = cid.get(copy).json();
      for (String same : List.of("title", "folder", "tags", "settings", "created", "model")) {
        assertEquals(before.get(same), after.get(same), same);
      }
      assertEquals(List.of("hello", "hello"), texts(cid, copy));
      assertEquals(
          RawClient.at(before, "messages.1.usage"), RawClient.at(after, "messages.1.usage"));
    }
    assertEquals(List.of(), client("a").get("/chats/search?q=hello").at("hits"));
  }

  /** Longer than a body may be elsewhere: of this one, a conversation at a time is held. */
  @Test
  void aFileOfAnyLengthComesAlongBesidesWhatIsTooLongInIt() throws IOException {
    List<String> conversations = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      conversations.add(
          """
          {"title": "Long %d", "mapping": {"a": {"parent": null, "message": {
           "author": {"role": "user"}, "content": {"content_type": "text", "parts": ["%s"]}}}}}
          """
              .formatted(i, "word ".repeat(i == 5 ? MOST : 20_000)));
    }
    RawClient.Answer answer = give(cid, "[" + String.join(",", conversations) + "]");
    assertEquals(200, answer.status(), answer::text);
    assertEquals(9, ((List<?>) answer.at("imported")).size());
    assertEquals("Conversation 6", answer.at("failed.0.title"));
  }

  @Test
  void whatIsNoExportIsRefused() throws IOException {
    for (String text : List.of("{}", "[1]", "3", "{\"chats\":[{}]}", "{", "")) {
      assertEquals(400, give(ann, text).status(), text);
    }
    assertEquals(200, give(ann, "[]").status());
    String odd =
        "[{\"title\":5,\"mapping\":{\"a\":{\"parent\":\"a\",\"message\":{\"author\":[],\"content\":3}},\"b\":4}}]";
    assertEquals(200, give(ann, odd).status());
  }

  @Test
  void aChatIsReadAsMarkdownAndAsAPageWithoutScripts() throws IOException {
    String chat = ann.chat("title", "<b>T</b>");
    ann.answer(chat, null, "<script>alert(1)</script> & 'x'");
    String markdown = ann.get(chat + "/export?format=markdown").text();
    assertTrue(markdown.startsWith("# <b>T</b>\n\n## User\n\n"), markdown);
    assertTrue(markdown.contains("## Assistant (echo)"), markdown);
    RawClient.Answer page = ann.get(chat + "/export?format=html");
    assertTrue(page.header("Content-Disposition").startsWith("attachment"));
    assertFalse(page.text().contains("<script"), page::text);
    assertTrue(page.text().contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#39;x&#39;"));
    assertTrue(page.text().contains("<title>&lt;b&gt;T&lt;/b&gt;</title>"));
    assertEquals(400, ann.get(chat + "/export?format=pdf").status());
  }

  @Test
  void whoMayReadASharedChatReadsIt() throws IOException {
    String chat = ann.chat("title", "Shared", "settings", Map.of("system", "private"));
    ann.answer(chat, null, "hello");
    assertNull(ann.get(chat + "/share").at("share"));
    RawClient.Answer made = ann.post(chat + "/share", "rights", "read", "to", List.of("ben"));
    assertEquals(List.of("ben"), made.at("share.to"), made::text);
    assertEquals("/s/" + made.at("share.id"), made.at("share.url"));
    String shared = "/shared/" + made.at("share.id") + ".json";
    RawClient.Answer read = ben.get(shared);
    assertEquals("Shared", read.at("title"), read::text);
    assertEquals("ann", read.at("by"));
    assertEquals("hello", read.at("messages.1.text"));
    assertFalse(read.text().contains("private"));
    ann.answer(chat, null, "said otherwise"); // a branch of its own from here on
    RawClient.Answer otherwise = ben.get(shared);
    assertEquals("said otherwise", otherwise.at("messages.1.text"));
    assertFalse(otherwise.text().contains("hello"), otherwise::text);
    assertEquals(200, ann.get(shared).status());
    assertEquals(404, cid.get(shared).status());
    assertEquals(401, server.get(shared).status());
    assertEquals(404, ben.get(chat).status());
    assertEquals(404, ben.post(chat + "/share", "rights", "read", "to", "everyone").status());
    Object again = ann.post(chat + "/share", "rights", "read", "to", "everyone").at("share.id");
    assertEquals(made.at("share.id"), again);
    assertEquals(200, cid.get(shared).status());
    assertEquals(400, ann.post(chat + "/share", "rights", "write", "to", "everyone").status());
    assertEquals(400, ann.post(chat + "/share", "rights", "read", "to", "some").status());
    assertEquals(1L, ann.delete(chat + "/share").at("deleted"));
    assertEquals(404, cid.get(shared).status());
    String temporary = ann.chat("temporary", true);
    assertEquals(400, ann.post(temporary + "/share", "rights", "read", "to", "everyone").status());
  }
}
