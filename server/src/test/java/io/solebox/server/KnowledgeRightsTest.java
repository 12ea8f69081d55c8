package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.http.Api;
import io.solebox.server.http.Route;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents of one person are not there for another: by no route, in no answer, in no count. */
@Timeout(60)
class KnowledgeRightsTest {
  private static final String SECRET = "The reactor's code is zanzibar.";
  private static final String ALL = "/v1/vector_stores";

  @TempDir private static Path folder;
  private static TestServer server;
  private static String ann;
  private static String bob;
  private static String store;
  private static String file;

  @BeforeAll
  static void start() throws Exception {
    Path state = folder.resolve("server.db");
    try (Database database = ServerTables.open(state)) {
      Accounts accounts = new Accounts(database, AuditLog.of(database, folder), Clock.systemUTC());
      accounts.add("test", NewUser.active("root", Role.ADMIN, Optional.empty()), Optional.empty());
      ann = key(accounts, "ann");
      bob = key(accounts, "bob");
    }
    server = new TestServer(ServerConfig.defaults().withStateFile(state));
    server.ready("vectors", EchoModel.pooling("gemma-embedding", Pooling.MEAN));
    file =
        (String)
            server
                .call(
                    "POST",
                    "/v1/files",
                    FilesApiTest.field("purpose", "assistants")
                        + FilesApiTest.file("secret.txt", SECRET)
                        + "--xyz--\r\n",
                    FilesApiTest.FORM,
                    ann)
                .at("id");
    RawClient.Answer made =
        server.post(ALL, "{\"name\":\"Ann's\",\"file_ids\":[\"%s\"]}".formatted(file), ann);
    store = ALL + "/" + made.at("id");
    while (!"completed".equals(server.get(store, ann).at("status"))) {
      Thread.sleep(5);
    }
  }

  private static String key(Accounts accounts, String name) throws InterruptedException {
    User user =
        accounts.add("test", NewUser.active(name, Role.USER, Optional.empty()), Optional.empty());
    NewKey key = new NewKey("key", List.of("*"), List.of(), List.of(), false, Optional.empty());
    return "Authorization: Bearer " + accounts.keys().add("test", user, key).secret();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawClient.Answer search(String who) throws IOException {
    return server.post(store + "/search", "{\"query\":\"reactor code\"}", who);
  }

  private static void share(String access) throws IOException {
    String body = "{\"people\":[{\"name\":\"bob\",\"access\":\"%s\"}]}".formatted(access);
    RawClient.Answer shared =
        server.call("PUT", store + "/access", access.isEmpty() ? "{}" : body, ann);
    assertEquals(200, shared.status(), shared::text);
  }

  @Test
  void noRouteShowsThemToOthers() throws IOException {
    int tried = 0;
    List<Route> routes =
        server.server.apis().stream().map(Api::routes).flatMap(List::stream).toList();
    for (Route route : routes) {
      String path = route.path();
      if (path.startsWith(ALL + "/{id}")) {
        String its =
            path.replace(ALL + "/{id}", store).replace("{file}", file).replace("{batch}", "b");
        RawClient.Answer answer = server.call(route.method().name(), its, "{}", bob);
        assertEquals(404, answer.status(), () -> route + ": " + answer.text());
        assertFalse(answer.text().contains("zanzibar"));
        tried++;
      }
    }
    assertTrue(tried > 12, "routes of vector stores: " + tried);
    assertEquals(List.of(), server.get(ALL, bob).at("data"));
    assertEquals(404, server.get("/v1/files/" + file + "/content", bob).status());
    assertEquals(1, ((List<?>) search(ann).at("data")).size());
  }

  @Test
  void noCollectionTakesFilesOfOthers() throws IOException {
    String body = "{\"file_ids\":[\"%s\"]}".formatted(file);
    assertEquals(404, server.post(ALL, body, bob).status());
    RawClient.Answer own = server.post(ALL, "{}", bob);
    String files = ALL + "/" + own.at("id") + "/files";
    String one = "{\"file_id\":\"%s\"}".formatted(file);
    assertEquals(404, server.post(files, one, bob).status());
    assertEquals(200, server.call("DELETE", ALL + "/" + own.at("id"), "", bob).status());
  }

  @Test
  void noChatIsBasedOnThem() throws IOException {
    ChatClient page = new ChatClient(server, bob);
    String chat = page.chat();
    String id = store.substring(ALL.length() + 1);
    RawClient.Answer refused =
        page.post(
            chat + "/turns", "text", "reactor code", "model", "echo", "knowledge", List.of(id));
    assertEquals(404, refused.status(), refused::text);
    String later = page.chat("settings", ChatClient.of("knowledge", List.of(id), "model", "echo"));
    assertEquals(404, page.post(later + "/turns", "text", "reactor code").status());
    assertFalse(page.get(later).text().contains("zanzibar"));
  }

  @Test
  void whoIsGivenAccessHasThatMuchUntilItIsTakenBack() throws IOException {
    share("read");
    assertEquals(1, ((List<?>) search(bob).at("data")).size());
    assertEquals("read", server.get(ALL, bob).at("data.0.access"));
    assertEquals("ann", server.get(ALL, bob).at("data.0.owner_name"));
    assertEquals(SECRET, server.get(store + "/files/" + file + "/original", bob).text());
    String note = "{\"attributes\":{\"a\":1}}";
    assertEquals(403, server.post(store + "/files/" + file, note, bob).status());
    assertEquals(403, server.get(store + "/access", bob).status());
    assertEquals(403, server.call("DELETE", store, "", bob).status());
    share("write");
    assertEquals(200, server.post(store + "/files/" + file, note, bob).status());
    assertEquals(403, server.post(store, "{\"name\":\"x\"}", bob).status());
    share("");
    assertEquals(404, search(bob).status());
    assertEquals(List.of(), server.get(ALL, bob).at("data"));
  }

  /** A chat that somebody shares tells what was said, and not what it was based on. */
  @Test
  void whatASharedChatIsBasedOnStaysItsOwners() throws IOException {
    ChatClient page = new ChatClient(server, ann);
    String chat = page.chat();
    Map<String, Object> answer =
        page.end(
            chat,
            page.post(
                chat + "/turns",
                "text",
                "reactor",
                "model",
                "echo",
                "knowledge",
                List.of(store.substring(ALL.length() + 1))));
    assertEquals(SECRET, RawClient.at(answer, "sources.0.text"), answer::toString);
    assertEquals("secret.txt", RawClient.at(answer, "sources.0.filename"));
    RawClient.Answer shared = page.post(chat + "/share", "rights", "read", "to", List.of("bob"));
    String read = "/shared/" + shared.at("share.id") + ".json";
    assertTrue(server.get(read, bob).text().contains("reactor"));
    assertFalse(server.get(read, bob).text().contains("zanzibar"));
  }
}
