package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.Group;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.Keeping;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a group says of how long things of its people are kept. */
@Timeout(60)
class GroupKeepingTest {
  private static final long NOW = 1_000_000;

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void name() {
    state = folder.resolve("server.db");
  }

  private void keep(String group, Duration time) {
    try (Database database = ServerTables.open(state)) {
      new Accounts(database, AuditLog.of(database, folder), Clock.systemUTC())
          .set("test", Group.open(group).withKeep(Optional.of(time)));
    }
  }

  /** Somebody's key. */
  private String make(String user, String group) throws InterruptedException {
    try (Database database = ServerTables.open(state)) {
      Accounts accounts = new Accounts(database, AuditLog.of(database, folder), Clock.systemUTC());
      if (accounts.store().isEmpty()) {
        accounts.add(
            "test", NewUser.active("root", Role.ADMIN, Optional.empty()), Optional.empty());
      }
      User made =
          accounts.add(
              "test", NewUser.active(user, Role.USER, Optional.of(group)), Optional.empty());
      NewKey key =
          new NewKey(
              "key", List.of("*"), List.of("chat", "files"), List.of(), false, Optional.empty());
      return "Authorization: Bearer " + accounts.keys().add("test", made, key).secret();
    }
  }

  private static RawClient.Answer say(TestServer server, String more, String key)
      throws IOException {
    return server.post(
        "/v1/responses", "{\"model\":\"echo\",\"input\":\"hi\"%s}".formatted(more), key);
  }

  private static void assertRefused(String param, RawClient.Answer answer) {
    assertEquals(400, answer.status(), answer::text);
    assertEquals("unsupported_parameter", answer.at("error.code"));
    assertEquals(param, answer.at("error.param"));
    assertTrue(answer.text().contains("your group"), answer::text);
  }

  @Test
  void zeroKeepsNothing() throws Exception {
    keep("guests", Duration.ZERO);
    String key = make("gus", "guests");
    try (TestServer server = new TestServer(ServerConfig.defaults().withStateFile(state))) {
      RawClient.Answer said = say(server, "", key);
      assertEquals(200, said.status(), said::text);
      assertEquals(404, server.get("/v1/responses/" + said.at("id"), key).status());
      assertEquals(200, say(server, ",\"store\":false", key).status());
      assertRefused("store", say(server, ",\"store\":true", key));
      assertRefused("background", say(server, ",\"background\":true", key));
      assertRefused("conversation", server.post("/v1/conversations", "{}", key));
      assertRefused(
          "store",
          server.post("/v1/chat/completions", TestServer.chat("hi", ",\"store\":true"), key));
      String form =
          FilesApiTest.field("purpose", "batch") + FilesApiTest.file("a", "x") + "--xyz--\r\n";
      assertRefused("file", server.call("POST", "/v1/files", form, FilesApiTest.FORM, key));
    }
  }

  @Test
  void whatWasKeptBeforeGoesWhenItsGroupIsToldSo() throws Exception {
    keep("some", Duration.ofDays(30));
    keep("others", Duration.ofDays(30));
    String ann = make("ann", "some");
    String ben = make("ben", "others");
    Object anns;
    Object bens;
    try (TestServer server = new TestServer(ServerConfig.defaults().withStateFile(state))) {
      anns = say(server, "", ann).at("id");
      bens = say(server, "", ben).at("id");
      assertEquals(200, server.get("/v1/responses/" + anns, ann).status());
    }
    keep("some", Duration.ZERO);
    try (TestServer server = new TestServer(ServerConfig.defaults().withStateFile(state))) {
      while (server.get("/v1/responses/" + anns, ann).status() == 200) {
        Thread.sleep(10);
      }
      assertEquals(200, server.get("/v1/responses/" + bens, ben).status());
    }
  }

  @Test
  void theShorterTimeCounts() {
    Keeping hour = _ -> Optional.of(Duration.ofHours(1));
    Optional<Duration> day = Optional.of(Duration.ofDays(1));
    Optional<Duration> minute = Optional.of(Duration.ofMinutes(1));
    assertEquals(
        OptionalLong.empty(),
        new Deadlines(NOW, Optional.empty(), Keeping.AS_THE_SERVER).before("a"));
    assertEquals(OptionalLong.of(NOW - 3600), new Deadlines(NOW, day, hour).before("a"));
    assertEquals(OptionalLong.of(NOW - 60), new Deadlines(NOW, minute, hour).before("a"));
    assertEquals(
        OptionalLong.of(NOW + 1),
        new Deadlines(NOW, day, _ -> Optional.of(Duration.ZERO)).before("a"));
  }
}
