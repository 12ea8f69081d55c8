package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.KeyRing.MadeKey;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.KeyScope;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.OpenAccounts;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.SecondFactors;
import io.solebox.server.accounts.SignIn;
import io.solebox.server.accounts.User;
import io.solebox.server.http.Api;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tries every route of the server as everybody who could come: what the table does not allow is
 * refused at the gate, before anything of the request is looked at.
 */
class AccessWalkTest {
  private static final Set<Permission> NOTHING = Set.of();
  private static final Set<Permission> KEYS_OF_USERS =
      EnumSet.of(Permission.SEE, Permission.USE_MODELS);

  /** They end when their client goes, and so are tried only where they are refused. */
  private static final Set<String> ENDLESS = Set.of("/models/sse", "/chats/events");

  /** Ends the session that is tried, and so comes last. */
  private static final String LAST = "/auth/sign-out";

  @TempDir private static Path folder;
  private static TestServer server;
  private static OpenAccounts open;
  private static Accounts accounts;

  @BeforeAll
  static void start() throws InterruptedException {
    open = OpenAccounts.in(folder);
    accounts = open.accounts();
    add("root", Role.ADMIN);
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
  }

  @AfterAll
  static void stop() {
    server.close();
    open.close();
  }

  private static User add(String name, Role role) throws InterruptedException {
    return accounts.add("test", NewUser.active(name, role, Optional.empty()), Optional.empty());
  }

  private static List<Route> routes() {
    return server.server.apis().stream()
        .map(Api::routes)
        .flatMap(List::stream)
        .sorted(Comparator.comparing(route -> route.path().equals(LAST)))
        .toList();
  }

  private static String session(User user) {
    var in =
        accounts
            .signIn(SecondFactors.NONE)
            .admit(user, new SignIn.Origin("127.0.0.1", "test"), "test");
    return "Cookie: solebox=" + in.token();
  }

  private static MadeKey key(User user, String... routes) {
    return accounts
        .keys()
        .add(
            "test",
            user,
            new NewKey("k", List.of("*"), List.of(routes), List.of(), false, Optional.empty()));
  }

  private static String bearer(MadeKey key) {
    return "Authorization: Bearer " + key.secret();
  }

  /**
   * @param may what the table allows to whoever has {@code credential}
   * @param refusal the status of all else
   */
  private static void walk(String credential, Predicate<Route> may, int refusal)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    RawClient client = server.client();
    for (Route route : routes()) {
      boolean allowed = route.permission() == Permission.OPEN || may.test(route);
      if (allowed && ENDLESS.contains(route.path())) {
        continue;
      }
      List<String> headers = new ArrayList<>(List.of("Sec-Fetch-Site: same-origin"));
      if (!credential.isEmpty()) {
        headers.add(credential);
      }
      route.header().ifPresent(name -> headers.add(name + ": 2023-06-01"));
      client.request(
          route.method().name(),
          route.path().replaceAll("\\{[^}]+}", "nothing"),
          "".getBytes(StandardCharsets.UTF_8),
          headers.toArray(new String[0]));
      RawClient.Answer answer = client.receive();
      boolean refused = answer.status() == 401 || answer.status() == 403;
      if (allowed == refused || (refused && answer.status() != refusal)) {
        wrong.add("%s %s %d".formatted(route.method(), route.path(), answer.status()));
      }
      if ("close".equals(answer.header("Connection"))) {
        client.close();
        client = server.client();
      }
    }
    client.close();
    assertEquals(List.of(), wrong);
  }

  private static Predicate<Route> having(Set<Permission> permissions) {
    return route -> permissions.contains(route.permission());
  }

  @Test
  void nobody() throws IOException {
    walk("", having(NOTHING), 401);
  }

  @Test
  void viewer() throws Exception {
    User user = add("viewer", Role.VIEWER);
    walk(session(user), having(Role.VIEWER.permissions()), 403);
  }

  @Test
  void user() throws Exception {
    User user = add("user", Role.USER);
    walk(session(user), having(Role.USER.permissions()), 403);
    walk(bearer(key(user)), having(KEYS_OF_USERS), 403);
    String more = bearer(key(user, "admin"));
    assertEquals(
        403, server.get("/admin/users", more).status()); // what its owner has not, no key has
  }

  @Test
  void administrator() throws Exception {
    User user = add("administrator", Role.ADMIN);
    walk(session(user), having(Role.ADMIN.permissions()), 403);
    String usual = bearer(key(user));
    assertEquals(200, server.get("/v1/models", usual).status());
    assertEquals(403, server.get("/admin/users", usual).status()); // only where it says so
    walk(bearer(key(user, "admin")), having(EnumSet.of(Permission.ADMINISTRATE)), 403);
  }

  @Test
  void endedSession() throws Exception {
    String late = session(add("late", Role.ADMIN));
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      database.transaction(
          sql ->
              sql.update(
                  "UPDATE session SET expires = 1 WHERE account ="
                      + " (SELECT id FROM account WHERE name = 'late')"));
    }
    walk(late, having(NOTHING), 401);
    for (String other :
        List.of("Cookie: solebox=made-up", late.replace("solebox", "__Host-solebox"))) {
      assertEquals(401, server.get("/v1/models", other).status());
    }
  }

  @Test
  void revokedKey() throws Exception {
    MadeKey key = key(add("revoked", Role.ADMIN));
    assertEquals(200, server.get("/v1/models", bearer(key)).status());
    accounts.keys().revoke("test", key.key());
    walk(bearer(key), having(NOTHING), 401);
  }

  @Test
  void wrongScope() throws Exception {
    MadeKey key = key(add("scoped", Role.ADMIN), "embeddings", "/v1/models");
    Set<String> paths =
        Set.of(
            "/v1/embeddings",
            "/embedding",
            "/embeddings",
            "/api/embed",
            "/api/embeddings",
            "/v1/models");
    walk(bearer(key), route -> paths.contains(route.path()), 403);
  }

  @Test
  void disabledUser() throws Exception {
    User user = add("disabled", Role.ADMIN);
    String session = session(user);
    MadeKey key = key(user);
    assertEquals(200, server.get("/v1/models", session).status());
    accounts.disable("test", user);
    walk(session, having(NOTHING), 401);
    assertEquals(401, server.get("/v1/models", bearer(key)).status());
  }

  @Test
  void anotherUser() throws Exception {
    String mine = bearer(key(add("mine", Role.USER)));
    String other = bearer(key(add("other", Role.ADMIN)));
    String json = "Content-Type: application/json";
    String response =
        "/v1/responses/"
            + server
                .post("/v1/responses", "{\"model\":\"echo\",\"input\":\"hi\"}", json, mine)
                .at("id");
    String conversation =
        "/v1/conversations/" + server.post("/v1/conversations", "{}", json, mine).at("id");
    String chat =
        "/v1/chat/completions/"
            + server
                .post("/v1/chat/completions", TestServer.chat("hi", ",\"store\":true"), json, mine)
                .at("id");
    String pageChat = "/chats/" + server.post("/chats", "{}", json, mine).at("id");
    for (String thing : List.of(response, conversation, chat, pageChat)) {
      assertEquals(200, server.get(thing, mine).status(), thing);
      assertEquals(404, server.get(thing, other).status(), thing); // an administrator's even
      assertEquals(404, server.call("DELETE", thing, "", other).status(), thing);
      assertEquals(200, server.get(thing, mine).status(), thing);
    }
    assertFalse(server.get("/v1/chat/completions", other).text().contains("chatcmpl"));
  }

  /** What a key may not ask, no line of a batch asks for it. */
  @Test
  void noBatchGetsAKeyMore() throws Exception {
    User user = add("batcher", Role.USER);
    String files = bearer(key(user, "files"));
    String all = bearer(key(user, "files", "chat"));
    RawClient.Answer file =
        server.call(
            "POST",
            "/v1/files",
            FilesApiTest.field("purpose", "batch") + FilesApiTest.file("a", "{}") + "--xyz--\r\n",
            "Content-Type: multipart/form-data; boundary=xyz",
            files);
    String batch =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/chat/completions\"}".formatted(file.at("id"));
    String json = "Content-Type: application/json";
    assertEquals(403, server.post("/v1/batches", batch, json, files).status());
    assertEquals(200, server.post("/v1/batches", batch, json, all).status());
  }

  /** Words of keys name routes that there are. */
  @Test
  void wordsOfKeysNameRoutes() {
    for (String word :
        List.of("chat", "completions", "embeddings", "rerank", "tokens", "models", "files")) {
      var scope = KeyScope.of(List.of(word));
      assertTrue(
          routes().stream()
              .anyMatch(
                  route ->
                      route.permission() != Permission.OPEN
                          && scope.covers(route.permission(), route.path())),
          word);
    }
  }
}
