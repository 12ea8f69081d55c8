package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How people get accounts, come in, and change what is theirs, through the API alone. */
class AccountsApiTest {
  private static final String PASSWORD = "violet-otter-lamp";
  private static final String OTHER = "seven grey bicycles";

  /** The model in a list. */
  private static final Pattern ECHO = Pattern.compile("\"(id|name|model)\":\"echo");

  @TempDir private static Path folder;
  private static TestServer server;
  private static Visitor anna;

  @BeforeAll
  static void setUp() throws IOException {
    server =
        new TestServer(
            ServerConfig.defaults().withStateFile(folder.resolve("server.db")).withAccounts());
    server.ready("small", new EchoModel(true));
    anna = new Visitor(server);
    RawClient.Answer closed = anna.get("/v1/models");
    assertEquals(401, closed.status());
    assertEquals("setup_required", closed.at("error.code"));
    String code = server.server.setUpCode().orElseThrow().code();
    String again = server.server.setUpCode().orElseThrow().code();
    assertEquals(400, setUp(code).status()); // a newer one was made
    RawClient.Answer in = setUp(again.toLowerCase(Locale.ROOT).replace("-", " "));
    assertEquals(200, in.status(), in::text);
    assertEquals("admin", in.at("user.role"));
    assertFalse(in.text().contains(PASSWORD));
    String cookie = in.header("Set-Cookie");
    assertTrue(cookie.startsWith("solebox="), cookie);
    assertTrue(cookie.contains("; HttpOnly; SameSite=Strict"), cookie);
    assertTrue(server.server.setUpCode().isEmpty());
    assertEquals(400, setUp(again).status());
  }

  private static RawClient.Answer setUp(String code) throws IOException {
    return anna.post(
        "/auth/setup",
        "{\"code\":\"%s\",\"name\":\"anna\",\"password\":\"%s\"}".formatted(code, PASSWORD));
  }

  @AfterAll
  static void close() {
    server.close();
  }

  /** Somebody who was invited, and is in. */
  private static Visitor join(String name, String more) throws IOException {
    RawClient.Answer made = anna.post("/admin/codes", "{\"name\":\"%s\"%s}".formatted(name, more));
    assertEquals(200, made.status(), made::text);
    Visitor visitor = new Visitor(server);
    RawClient.Answer in =
        visitor.post(
            "/auth/invitation",
            "{\"code\":\"%s\",\"name\":\"%s\",\"password\":\"%s\"}"
                .formatted(made.at("code"), name, PASSWORD));
    assertEquals(200, in.status(), in::text);
    return visitor;
  }

  private static RawClient.Answer signIn(String name, String password) throws IOException {
    return new Visitor(server)
        .post("/auth/sign-in", "{\"name\":\"%s\",\"password\":\"%s\"}".formatted(name, password));
  }

  @Test
  void whoIsSignedInUsesTheServer() throws IOException {
    assertEquals("anna", anna.get("/auth/me").at("user.name"));
    assertEquals("session", anna.get("/auth/me").at("signed_in_by"));
    assertEquals(200, anna.get("/v1/models").status());
    assertEquals(200, anna.post("/v1/chat/completions", TestServer.chat("hi", "")).status());
    assertEquals(200, anna.get("/admin/users").status());
    RawClient.Answer unproved = anna.post("/admin/airgap/prove", "");
    assertEquals("cannot_prove", unproved.at("error.code"), unproved::text); // nobody brought it
    assertEquals(true, new Visitor(server).get("/auth").at("accounts"));
  }

  @Test
  void otherPagesCannotUseACookie() throws IOException {
    String cookie = "Cookie: " + anna.cookie();
    String json = "Content-Type: application/json";
    String chat = TestServer.chat("hi", "");
    int port = server.server.port();
    String path = "/v1/chat/completions";
    assertEquals(403, server.post(path, chat, cookie, json).status());
    assertEquals(403, server.post(path, chat, cookie, json, "Sec-Fetch-Site: none").status());
    assertEquals(403, server.post(path, chat, cookie, json, "Sec-Fetch-Site: same-site").status());
    assertEquals(403, server.post(path, chat, cookie, json, "Sec-Fetch-Site: cross-site").status());
    assertEquals(
        403, server.post(path, chat, cookie, json, "Origin: http://localhost:" + port).status());
    assertEquals(
        200, server.post(path, chat, cookie, json, "Origin: http://127.0.0.1:" + port).status());
    assertEquals(
        200, server.post(path, chat, cookie, json, "Sec-Fetch-Site: same-origin").status());
    for (String type : List.of("text/plain", "application/x-www-form-urlencoded")) {
      assertEquals(
          415,
          server
              .post(path, chat, cookie, "Content-Type: " + type, "Sec-Fetch-Site: same-origin")
              .status());
    }
    // Of files the browser itself has to say which page sends them.
    String file = "Content-Type: application/octet-stream";
    String files = "/admin/shelf/import?name=mine";
    String origin = "Origin: http://127.0.0.1:" + port;
    assertEquals(415, server.post(files, "x", cookie, file, origin).status());
    assertEquals( // behind the gate: this server keeps no models
        400, server.post(files, "x", cookie, file, "Sec-Fetch-Site: same-origin").status());
    assertEquals(403, server.call("DELETE", "/auth/sessions", "", cookie).status());
    // To sign somebody in as another, a page would have to send what no form can.
    String in = "{\"name\":\"anna\",\"password\":\"%s\"}".formatted(PASSWORD);
    assertEquals(
        403, server.post("/auth/sign-in", in, json, "Origin: http://evil.example").status());
    assertEquals(415, server.post("/auth/sign-in", in, "Content-Type: text/plain").status());
  }

  @Test
  void nobodyLearnsWhoHasAnAccount() throws IOException {
    join("ben", "");
    RawClient.Answer wrongPassword = signIn("ben", "not-the-password");
    RawClient.Answer wrongName = signIn("nobody", "not-the-password");
    assertEquals(401, wrongPassword.status());
    assertEquals(wrongPassword.at("error.message"), wrongName.at("error.message"));
    assertEquals(401, wrongName.status());
  }

  @Test
  void guessesWait() throws IOException {
    join("cleo", "");
    RawClient.Answer guess = signIn("cleo", "a guess");
    for (int i = 0; i < 30 && guess.status() == 401; i++) {
      guess = signIn("CLEO", "guess-number-" + i); // from wherever
    }
    assertEquals(429, guess.status(), guess::text);
    assertEquals("too_many_tries", guess.at("error.code"));
    assertTrue(Integer.parseInt(guess.header("Retry-After")) >= 1);
    join("dora", "").signIn("dora", PASSWORD); // nobody else waits
  }

  @Test
  void sessionsEndWhereTheyAreEnded() throws IOException {
    Visitor phone = join("emil", "");
    Visitor laptop = new Visitor(server).signIn("emil", PASSWORD);
    String before = laptop.cookie();
    laptop.signIn("emil", PASSWORD);
    assertNotEquals(before, laptop.cookie());
    assertEquals(401, server.get("/auth/me", "Cookie: " + before).status());
    List<?> rows = (List<?>) laptop.get("/auth/sessions").at("data");
    assertEquals(2, rows.size());
    Object phones =
        rows.stream()
            .map(row -> (Map<?, ?>) row)
            .filter(row -> row.get("current").equals(false))
            .findFirst()
            .orElseThrow()
            .get("id");
    assertEquals(404, anna.call("DELETE", "/auth/sessions/" + phones, "").status());
    assertEquals(200, laptop.call("DELETE", "/auth/sessions/" + phones, "").status());
    RawClient.Answer ended = phone.get("/auth/me");
    assertEquals(401, ended.status());
    assertEquals("session_ended", ended.at("error.code"));
    String kept = laptop.cookie();
    assertEquals(200, laptop.call("POST", "/auth/sign-out", "").status());
    assertEquals(401, server.get("/auth/me", "Cookie: " + kept).status());
  }

  @Test
  void anotherPasswordEndsAllOtherSessions() throws IOException {
    Visitor here = join("flora", "");
    Visitor there = new Visitor(server).signIn("flora", PASSWORD);
    String change = "{\"password\":\"%s\",\"new_password\":\"%s\"}";
    assertEquals(401, here.post("/auth/password", change.formatted("wrong", OTHER)).status());
    assertEquals(400, here.post("/auth/password", change.formatted(PASSWORD, "short")).status());
    String before = here.cookie();
    assertEquals(200, here.post("/auth/password", change.formatted(PASSWORD, OTHER)).status());
    assertNotEquals(before, here.cookie());
    assertEquals(200, here.get("/auth/me").status());
    assertEquals(401, there.get("/auth/me").status());
    assertEquals(401, signIn("flora", PASSWORD).status());
    RawClient.Answer code = anna.call("POST", "/admin/users/flora/reset", "");
    String reset = "{\"code\":\"%s\",\"password\":\"%s\"}".formatted(code.at("code"), PASSWORD);
    assertEquals(200, new Visitor(server).post("/auth/reset", reset).status());
    assertEquals(400, new Visitor(server).post("/auth/reset", reset).status());
    assertEquals(401, here.get("/auth/me").status());
    new Visitor(server).signIn("flora", PASSWORD);
  }

  @Test
  void whoSignsUpWaitsForApproval() throws IOException {
    String asks = "{\"name\":\"greta\",\"password\":\"%s\"}".formatted(PASSWORD);
    assertEquals(403, new Visitor(server).post("/auth/sign-up", asks).status());
    assertEquals(200, anna.call("PATCH", "/admin/settings", "{\"sign_up\":true}").status());
    RawClient.Answer first = new Visitor(server).post("/auth/sign-up", asks);
    RawClient.Answer second = new Visitor(server).post("/auth/sign-up", asks);
    assertEquals(first.text(), second.text()); // whether the name is taken is told to nobody
    assertEquals("account_waiting", signIn("greta", PASSWORD).at("error.code"));
    assertEquals(401, signIn("greta", "some other text").status());
    assertEquals(200, anna.call("PATCH", "/admin/users/greta", "{\"state\":\"active\"}").status());
    assertEquals(200, signIn("greta", PASSWORD).status());
  }

  @Test
  void keysAreShownOnceAndOpenWhatTheyAreFor() throws IOException {
    Visitor hugo = join("hugo", "");
    RawClient.Answer made = hugo.post("/auth/keys", "{\"name\":\"ci\",\"routes\":\"chat\"}");
    String key = "Authorization: Bearer " + made.at("key");
    assertEquals(200, server.post("/v1/chat/completions", TestServer.chat("hi", ""), key).status());
    RawClient.Answer other = server.get("/v1/models", key);
    assertEquals(403, other.status());
    assertEquals("not_allowed", other.at("error.code"));
    assertEquals(403, server.get("/auth/keys", key).status());
    assertFalse(hugo.get("/auth/keys").text().contains((String) made.at("key")));
    assertEquals(404, anna.call("DELETE", "/auth/keys/" + made.at("id"), "").status());
    assertEquals(200, hugo.call("DELETE", "/auth/keys/" + made.at("id"), "").status());
    assertEquals(401, server.get("/v1/models", key).status());
  }

  @Test
  void aModelOfAnotherGroupIsNotThere() throws IOException {
    assertEquals(200, anna.call("PUT", "/admin/groups/kids", "{\"models\":\"small*\"}").status());
    Visitor ida = join("ida", ",\"group\":\"kids\"");
    Map<String, String> asks =
        Map.of(
            "/v1/chat/completions", TestServer.chat("hi", ""),
            "/v1/completions", "{\"model\":\"echo\",\"prompt\":\"hi\"}",
            "/v1/responses", "{\"model\":\"echo\",\"input\":\"hi\"}",
            "/v1/messages",
                "{\"model\":\"echo\",\"max_tokens\":4,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            "/v1/embeddings", "{\"model\":\"echo\",\"input\":\"hi\"}",
            "/v1/rerank", "{\"model\":\"echo\",\"query\":\"hi\",\"documents\":[\"a\"]}",
            "/api/chat",
                "{\"model\":\"echo\",\"stream\":false,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
            "/api/show", "{\"model\":\"echo\"}",
            "/tokenize", "{\"model\":\"echo\",\"content\":\"hi\"}",
            "/completion", "{\"model\":\"echo\",\"prompt\":\"hi\"}");
    for (var ask : asks.entrySet()) {
      RawClient.Answer hidden = ida.post(ask.getKey(), ask.getValue());
      assertEquals(404, hidden.status(), ask::getKey);
      assertTrue(hidden.text().contains("small"), hidden::text);
      RawClient.Answer unknown =
          ida.post(ask.getKey(), ask.getValue().replace("\"echo\"", "\"nosuch\""));
      assertEquals(
          hidden.text().replaceAll("req_\\w+", "").replace("echo", "nosuch"),
          unknown.text().replaceAll("req_\\w+", ""));
    }
    for (String list : List.of("/v1/models", "/models", "/api/tags", "/api/ps")) {
      String text = ida.get(list).text();
      assertTrue(text.contains("\"small") && !ECHO.matcher(text).find(), text);
      assertTrue(ECHO.matcher(anna.get(list).text()).find(), list);
    }
    assertEquals(404, ida.get("/v1/models/echo").status());
    assertEquals(404, ida.get("/slots?model=echo").status());
    assertEquals(403, ida.get("/metrics").status()); // it tells of all models
    assertFalse(server.get("/health").text().contains("small"));
    assertEquals(
        200,
        ida.post("/v1/chat/completions", TestServer.chat("hi", "").replace("echo", "small"))
            .status());
  }

  @Test
  void allThatIsKeptForSomebodyGoesWithTheAccount() throws IOException {
    Visitor gus = join("gus", "");
    Object id = gus.post("/v1/responses", "{\"model\":\"echo\",\"input\":\"mine\"}").at("id");
    assertEquals(200, gus.get("/v1/responses/" + id).status());
    assertEquals(1, kept(id));
    assertEquals(200, anna.call("DELETE", "/admin/users/gus", "").status());
    assertEquals(401, gus.get("/v1/responses/" + id).status());
    assertEquals(0, kept(id));
  }

  private static int kept(Object response) {
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      return database.read(
          sql -> sql.list(row -> 1, "SELECT 1 FROM response WHERE id = ?", response).size());
    }
  }

  @Test
  void theLastAdministratorStays() throws IOException {
    assertEquals(400, anna.call("DELETE", "/admin/users/anna", "").status());
    assertEquals(400, anna.call("PATCH", "/admin/users/anna", "{\"role\":\"user\"}").status());
    assertEquals(404, anna.get("/admin/users/nobody").status());
    assertEquals(400, anna.post("/admin/users", "{\"name\":\"x\",\"rolle\":\"admin\"}").status());
  }
}
