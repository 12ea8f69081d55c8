package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tool that is allowed to some is not there for others: not shown, not asked for, not called. */
@Timeout(60)
class ToolAudienceTest {
  private static final String TOOL = "/admin/tools/calculator";

  @TempDir private Path folder;
  private TestServer server;
  private String root;
  private String ann;
  private String bob;

  @BeforeEach
  void start() throws Exception {
    Path state = folder.resolve("server.db");
    try (Database database = ServerTables.open(state)) {
      Accounts accounts = new Accounts(database, AuditLog.of(database, folder), Clock.systemUTC());
      root = key(accounts, "root", Role.ADMIN);
      ann = key(accounts, "ann", Role.USER);
      bob = key(accounts, "bob", Role.USER);
    }
    server = new TestServer(ServerConfig.defaults().withStateFile(state));
    server.ready("caller", EchoModel.calling());
    assertEquals(200, put("/admin/groups/lab", "{}").status());
    assertEquals(200, inGroup("lab"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String key(Accounts accounts, String name, Role role) throws InterruptedException {
    User user =
        accounts.add("test", NewUser.active(name, role, Optional.empty()), Optional.empty());
    List<String> routes = role == Role.ADMIN ? List.of("admin", "/*") : List.of();
    NewKey key = new NewKey("key", List.of("*"), routes, List.of(), false, Optional.empty());
    return "Authorization: Bearer " + accounts.keys().add("test", user, key).secret();
  }

  private RawClient.Answer put(String path, String body) throws IOException {
    return server.call("PUT", path, body, root);
  }

  private int inGroup(String group) throws IOException {
    String body = "{\"group\":\"%s\"}".formatted(group);
    return server.call("PATCH", "/admin/users/bob", body, root).status();
  }

  private void allow(String audience) throws IOException {
    RawClient.Answer answer = put(TOOL, "{\"allowed\":true%s}".formatted(audience));
    assertEquals(200, answer.status(), answer::text);
  }

  private boolean sees(String who) throws IOException {
    RawClient.Answer tools = server.get("/tools", who);
    boolean sees = tools.text().contains("\"calculator\"");
    assertEquals(sees ? 202 : 400, turn(who).status());
    return sees;
  }

  private RawClient.Answer turn(String who) throws IOException {
    ChatClient client = new ChatClient(server, who);
    return asked(client, client.chat(), "x");
  }

  private static RawClient.Answer asked(ChatClient client, String chat, String text)
      throws IOException {
    return client.post(
        chat + "/turns", "text", text, "model", "caller", "tools", List.of("calculator"));
  }

  @Test
  void itIsForWhoIsNamedAndForGroups() throws IOException {
    allow(",\"people\":[\"Ann\"]");
    assertTrue(sees(ann));
    assertEquals(List.of(false, false), List.of(sees(bob), sees(root)));
    assertEquals("tool_not_allowed", turn(bob).at("error.code"));
    allow(",\"groups\":[\"lab\"]");
    assertEquals(List.of(false, true), List.of(sees(ann), sees(bob)));
    assertEquals(200, inGroup(""));
    assertEquals(false, sees(bob));
    allow(",\"people\":[]");
    assertEquals(List.of(false, false), List.of(sees(ann), sees(root)));
    allow("");
    assertEquals(List.of(true, true), List.of(sees(ann), sees(root)));
  }

  /** Whoever loses it meanwhile does not have it called any more. */
  @Test
  void aCallThatWaitsIsNotDoneForWhoHasLostIt() throws IOException {
    allow(",\"people\":[\"ann\"]");
    ChatClient client = new ChatClient(server, ann);
    String chat = client.chat();
    Map<String, Object> waiting =
        client.end(chat, asked(client, chat, ChatToolsTest.call("1 + 1")));
    assertEquals("waiting", waiting.get("state"));
    allow(",\"people\":[\"bob\"]");
    String call = "%s/messages/%s/calls/call_1_1".formatted(chat, waiting.get("id"));
    RawClient.Answer always = client.post(call, "decision", "always");
    assertEquals("tool_not_allowed", always.at("error.code"), always::text);
    Map<String, Object> over = client.end(chat, client.post(call, "decision", "once"));
    assertEquals("failed", RawClient.at(over, "steps.0.tool_calls.0.state"), over::toString);
  }

  @Test
  void whoIsNotThereIsSaid() throws IOException {
    allow(",\"people\":[\"ann\"],\"groups\":[\"lab\"]");
    RawClient.Answer all = server.get("/admin/tools", root);
    Map<?, ?> shown =
        ((List<?>) all.at("tools"))
            .stream()
                .map(each -> (Map<?, ?>) each)
                .filter(each -> each.get("name").equals("calculator"))
                .findFirst()
                .orElseThrow();
    assertEquals(List.of("ann"), shown.get("people"));
    assertEquals(List.of("lab"), shown.get("groups"));
    for (String wrong : List.of("\"people\":[\"eve\"]", "\"groups\":[\"none\"]")) {
      RawClient.Answer refused = put(TOOL, "{\"allowed\":true,%s}".formatted(wrong));
      assertEquals(400, refused.status(), refused::text);
    }
    allow("");
    assertNull(server.get("/admin/tools", root).at("tools.0.people"));
  }
}
