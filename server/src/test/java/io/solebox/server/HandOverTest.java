package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.files.FileStore;
import io.solebox.server.files.FileStore.Description;
import io.solebox.server.files.NewFile;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.HandOver;
import io.solebox.server.storage.Owners;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was kept while nobody had an account goes to the first who has one, and to nobody else. */
@Timeout(60)
class HandOverTest {
  private static final NewUser ANNA = NewUser.active("anna", Role.ADMIN, Optional.empty());

  @TempDir private Path folder;
  private Path state;

  @BeforeEach
  void name() {
    state = folder.resolve("server.db");
  }

  private ServerConfig config() {
    return ServerConfig.defaults().withStateFile(state);
  }

  private static Accounts accounts(Database database) {
    AuditLog audit = AuditLog.of(database, database.file().getParent());
    return new Accounts(database, audit, Clock.systemUTC());
  }

  /** Keeps one of each; returns where each is found again. */
  private static Map<String, String> keepOneOfEach(TestServer server) throws IOException {
    Map<String, String> paths = new LinkedHashMap<>();
    paths.put(
        "/v1/responses/"
            + server.post("/v1/responses", "{\"model\":\"echo\",\"input\":\"one\"}").at("id"),
        "one");
    paths.put(
        "/v1/conversations/"
            + server
                .post("/v1/conversations", "{\"items\":[{\"role\":\"user\",\"content\":\"two\"}]}")
                .at("id")
            + "/items",
        "two");
    paths.put(
        "/v1/chat/completions/"
            + server
                .post("/v1/chat/completions", TestServer.chat("three", ",\"store\":true"))
                .at("id")
            + "/messages",
        "three");
    String line =
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":{}}";
    String form =
        FilesApiTest.field("purpose", "batch")
            + FilesApiTest.file("four.jsonl", line)
            + "--xyz--\r\n";
    Object file = server.call("POST", "/v1/files", form, FilesApiTest.FORM).at("id");
    paths.put("/v1/files/" + file + "/content", "custom_id");
    String order =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/embeddings\",\"completion_window\":\"24h\"}"
            .formatted(file);
    paths.put("/v1/batches/" + server.post("/v1/batches", order).at("id"), (String) file);
    return paths;
  }

  private static void assertAllThere(TestServer server, Map<String, String> kept, String... headers)
      throws IOException {
    for (Map.Entry<String, String> each : kept.entrySet()) {
      RawClient.Answer answer = server.get(each.getKey(), headers);
      assertEquals(200, answer.status(), () -> each.getKey() + " " + answer.text());
      assertTrue(answer.text().contains(each.getValue()), answer::text);
    }
  }

  @Test
  void theFirstAdministratorGetsItAndNobodyElse() throws Exception {
    Map<String, String> kept;
    try (TestServer server = new TestServer(config());
        Database database = ServerTables.open(state)) {
      kept = keepOneOfEach(server);
      Accounts accounts = accounts(database);
      User anna = accounts.add("test", ANNA, Optional.empty());
      Map<String, Long> handedOver = accounts.handedOver(anna);
      assertEquals(1, handedOver.get("responses"));
      assertEquals(1, handedOver.get("conversations"));
      assertEquals(1, handedOver.get("chat_completions"));
      assertEquals(1, handedOver.get("batches"));
      assertTrue(handedOver.get("files") >= 1, handedOver::toString);
      User ben =
          accounts.add(
              "test", NewUser.active("ben", Role.ADMIN, Optional.empty()), Optional.empty());
      assertEquals(Map.of(), accounts.handedOver(ben));

      // What was used goes with it, also what is still on its way to the table.
      assertEquals(2L, server.get("/v1/usage", key(accounts, anna)).at("data.0.requests"));
      assertEquals(List.of(), server.get("/v1/usage", key(accounts, ben)).at("data"));

      // The server that runs knows whose it is from its next request on.
      assertAllThere(server, kept, key(accounts, anna));
      String bens = key(accounts, ben);
      for (String path : kept.keySet()) {
        assertEquals(404, server.get(path, bens).status(), path);
        assertEquals(401, server.get(path).status(), path);
      }
    }
  }

  private static String key(Accounts accounts, User user) {
    NewKey all = new NewKey("all", List.of("*"), List.of(), List.of(), false, Optional.empty());
    return "Authorization: Bearer " + accounts.keys().add("test", user, all).secret();
  }

  @Test
  void whoSetsTheServerUpIsToldWhatWasHandedOver() throws IOException {
    try (TestServer server = new TestServer(config())) {
      server.post("/v1/responses", "{\"model\":\"echo\",\"input\":\"one\"}");
    }
    try (TestServer server = new TestServer(config().withAccounts())) {
      String first =
          "{\"code\":\"%s\",\"name\":\"anna\",\"password\":\"violet harbour seven\"}"
              .formatted(server.server.setUpCode().orElseThrow().code());
      RawClient.Answer in =
          server.post(
              "/auth/setup",
              first,
              "Content-Type: application/json",
              "Sec-Fetch-Site: same-origin");
      assertEquals(200, in.status(), in::text);
      assertEquals(1L, in.at("handed_over.responses"));
    }
    try (Database database = ServerTables.open(state)) {
      assertEquals(1, count(database, "audit WHERE details LIKE '%1 response%'"));
    }
  }

  @Test
  void whatWasUsedBeforeGoesToWhoeverIsFirst() throws Exception {
    try (TestServer server = new TestServer(config())) {
      server.post("/v1/completions", "{\"model\":\"echo\",\"prompt\":\"abc\"}");
      assertEquals(1L, server.get("/v1/usage").at("data.0.requests"));
    }
    try (TestServer server = new TestServer(config());
        Database database = ServerTables.open(state)) {
      Accounts accounts = accounts(database);
      User anna = accounts.add("test", ANNA, Optional.empty());
      assertEquals(1, count(database, "usage_of_day WHERE payer = '%s'".formatted(anna.id())));
      assertEquals(0, count(database, "usage_of_day WHERE payer = ''"));
      RawClient.Answer usage = server.get("/v1/usage?by=user", key(accounts, anna));
      assertEquals("anna", usage.at("data.0.user_name"), usage::text);
    }
  }

  private static long count(Database database, String rows) {
    return database.read(
        sql -> sql.first(row -> row.getLong(1), "SELECT COUNT(*) FROM " + rows).orElseThrow());
  }

  @Test
  void aSetUpThatFailsHandsNothingOver() throws IOException {
    try (TestServer server = new TestServer(config());
        Database database = ServerTables.open(state)) {
      Map<String, String> kept = keepOneOfEach(server);
      Accounts accounts = accounts(database);
      assertThrows(
          IllegalStateException.class,
          () ->
              accounts.add(
                  "test",
                  ANNA,
                  Optional.empty(),
                  (_, _) -> {
                    throw new IllegalStateException("as where the process is killed");
                  }));
      assertTrue(accounts.store().isEmpty());
      assertEquals(Optional.empty(), database.read(HandOver::heir));
      assertAllThere(server, kept);
    }
  }

  private static final class RolledBack extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Also of tables that nobody has thought of yet: all with an owner are looked at. */
  @Test
  void everyTableWithAnOwnerIsHandedOverAndDeleted() {
    try (State opened = State.open(state, Passphrase.NONE)) {
      assertThrows(
          RolledBack.class,
          () ->
              opened
                  .database()
                  .transaction(
                      sql -> {
                        sql.update("PRAGMA defer_foreign_keys = ON");
                        List<String> tables = Owners.tables(sql);
                        assertTrue(
                            tables.containsAll(List.of("response", "file")), tables::toString);
                        for (String table : tables) {
                          insert(sql, table);
                        }
                        Map<String, Long> counts = HandOver.to(sql, "usr_anna");
                        assertEquals(tables.size(), counts.size(), counts::toString);
                        assertEquals(Map.of(), HandOver.counts(sql, Owners.HERE));
                        opened.belongings().delete(sql, "usr_anna");
                        assertEquals(Map.of(), HandOver.counts(sql, "usr_anna"));
                        throw new RolledBack();
                      }));
    }
  }

  /** A row of the person at this machine, of whatever fits. */
  private static void insert(Sql sql, String table) throws SQLException {
    List<String> names = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    sql.list(
        row -> {
          names.add(row.getString("name"));
          String type = row.getString("type");
          values.add(
              row.getString("name").equals("owner")
                  ? Owners.HERE
                  : switch (type) {
                    case "INTEGER" -> (Object) 1;
                    case "BLOB" -> new byte[] {1};
                    default -> "x";
                  });
          return type;
        },
        "SELECT name, type FROM pragma_table_info(?)",
        table);
    String places = "?, ".repeat(names.size() - 1) + "?";
    sql.update(
        "INSERT INTO " + table + " (" + String.join(", ", names) + ") VALUES (" + places + ")",
        values.toArray());
  }

  @Test
  void whatIsStillOnItsWayGoesToTheHeirToo() throws Exception {
    try (Database database = ServerTables.open(state)) {
      Vault vault = Vault.open(database, Passphrase.NONE, System.err);
      FileStore files = new FileStore(vault, folder.resolve("files"), Clock.systemUTC());
      FileStore.Draft draft = draft(files, "begun before");
      User anna = accounts(database).add("test", ANNA, Optional.empty());
      String id = files.add(draft).id();
      assertEquals("notes", files.find(id, anna.id()).orElseThrow().name());
      assertEquals(Optional.empty(), files.find(id, Owners.HERE));
      try (InputStream content = files.read(id, anna.id())) {
        assertEquals("begun before", new String(content.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
  }

  private static FileStore.Draft draft(FileStore files, String text) throws IOException {
    try (NewFile file = files.begin(Owners.HERE)) {
      try (OutputStream out = file.open()) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      return file.described(new Description(Owners.HERE, "notes", "user_data", Optional.empty()));
    }
  }

  @Test
  void whoGotItTakesItAlong() throws Exception {
    try (State opened = State.open(state, Passphrase.NONE)) {
      Database database = opened.database();
      Vault vault = Vault.open(database, Passphrase.NONE, System.err);
      FileStore files = new FileStore(vault, folder.resolve("files"), Clock.systemUTC());
      files.add(draft(files, "of before"));
      Accounts accounts = accounts(database);
      User anna = accounts.add("test", ANNA, Optional.empty());
      accounts.add("test", NewUser.active("ben", Role.ADMIN, Optional.empty()), Optional.empty());
      accounts.remove("test", anna, opened.belongings());
      assertEquals(0, count(database, "owner_key WHERE wrapped <> x''"));
      SoleboxException refused =
          assertThrows(SoleboxException.class, () -> files.add(draft(files, "too late")));
      assertEquals(ErrorCode.ACCESS_DENIED, refused.code());
    }
  }

  @Test
  void theFirstIsAnAdministratorHoweverHeComes() throws Exception {
    try (Database database = ServerTables.open(state)) {
      Accounts accounts = accounts(database);
      accounts.invitations().allowSignUp("test", true);
      for (ThrowingRun way :
          List.<ThrowingRun>of(
              () -> accounts.invitations().signUp("eve", "violet harbour seven"),
              () ->
                  accounts.add(
                      "test",
                      NewUser.active("eve", Role.USER, Optional.empty()),
                      Optional.empty()))) {
        SoleboxException refused = assertThrows(SoleboxException.class, way::run);
        assertEquals("role", refused.place());
      }
      assertFalse(accounts.store().users().iterator().hasNext());
    }
  }

  private interface ThrowingRun {
    void run() throws InterruptedException;
  }
}
