package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.OpenAccounts;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.SecondFactors;
import io.solebox.server.accounts.SignIn;
import io.solebox.server.accounts.User;
import io.solebox.server.http.Api;
import io.solebox.server.http.Method;
import io.solebox.server.http.Route;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Looking changes nothing: whoever makes a browser fetch something has not done anything by it. */
@Timeout(60)
class SafeMethodsTest {
  private static final String JSON = "Content-Type: application/json";

  /** They end when their client goes. */
  private static final Set<String> ENDLESS = Set.of("/models/sse", "/chats/events");

  /**
   * When somebody was there last is noted by whatever they ask, and what was asked for that counts
   * is told in the audit log.
   */
  private static final Set<String> NOTED = Set.of("session", "audit", "audit_head");

  @TempDir private Path folder;
  private final Map<String, String> things = new LinkedHashMap<>();

  /** One of each that a route may name, by how its routes begin. */
  private void make(TestServer server, String session) throws IOException {
    String same = "Sec-Fetch-Site: same-origin";
    for (String[] each :
        List.of(
            new String[] {"/v1/responses", "{\"model\":\"echo\",\"input\":\"one\"}"},
            new String[] {
              "/v1/conversations", "{\"items\":[{\"role\":\"user\",\"content\":\"two\"}]}"
            },
            new String[] {"/v1/chat/completions", TestServer.chat("three", ",\"store\":true")},
            new String[] {"/chats", "{\"title\":\"four\"}"},
            new String[] {"/prompts", "{\"name\":\"five\",\"text\":\"{{a}}\"}"},
            new String[] {"/personas", "{\"name\":\"six\",\"system\":\"b\"}"})) {
      RawClient.Answer made = server.post(each[0], each[1], JSON, same, session);
      assertTrue(made.status() / 100 == 2, () -> each[0] + " " + made.text());
      things.put(each[0], (String) made.at("id"));
    }
    String form = FilesApiTest.form("user_data", "seven");
    things.put(
        "/v1/files",
        (String) server.call("POST", "/v1/files", form, FilesApiTest.FORM, same, session).at("id"));
    things.put("/admin/users", "root");
    things.put("/v1/models", "echo");
  }

  private String path(Route route) {
    String thing =
        things.entrySet().stream()
            .filter(each -> route.path().startsWith(each.getKey() + "/{"))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElse("nothing");
    return route.path().replaceFirst("\\{[^}]+}", thing).replaceAll("\\{[^}]+}", "nothing");
  }

  /** All rows of all tables, and all files. */
  private Map<String, List<String>> all(Database database) throws IOException {
    Map<String, List<String>> all =
        database.read(
            sql -> {
              Map<String, List<String>> rows = new TreeMap<>();
              for (String table :
                  sql.list(
                      row -> row.getString(1),
                      "SELECT name FROM sqlite_master WHERE type = 'table'")) {
                if (!NOTED.contains(table)) {
                  rows.put(table, rows(sql, table));
                }
              }
              return rows;
            });
    try (Stream<Path> files = Files.list(folder.resolve("files"))) {
      all.put("files", files.map(Path::toString).sorted().toList());
    }
    return all;
  }

  private static List<String> rows(Sql sql, String table) throws SQLException {
    return sql.list(SafeMethodsTest::text, "SELECT * FROM " + table).stream().sorted().toList();
  }

  private static String text(ResultSet row) throws SQLException {
    List<String> cells = new ArrayList<>();
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      Object cell = row.getObject(i);
      cells.add(cell instanceof byte[] bytes ? "#" + Arrays.hashCode(bytes) : String.valueOf(cell));
    }
    return cells.toString();
  }

  @Test
  void noGetChangesAnything() throws Exception {
    try (OpenAccounts open = OpenAccounts.in(folder);
        Database database = ServerTables.open(folder.resolve("server.db"))) {
      User root =
          open.accounts()
              .add("test", NewUser.active("root", Role.ADMIN, Optional.empty()), Optional.empty());
      var in =
          open.accounts()
              .signIn(SecondFactors.NONE)
              .admit(root, new SignIn.Origin("127.0.0.1", "test"), "test");
      String session = "Cookie: solebox=" + in.token();
      try (TestServer server =
          new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")))) {
        make(server, session);
        server.get("/v1/usage", session); // and what was used to make them is in its table
        Map<String, List<String>> before = all(database);
        int found = 0;
        for (Route route : routes(server)) {
          List<String> headers = new ArrayList<>(List.of(session));
          route.header().ifPresent(name -> headers.add(name + ": 2023-06-01"));
          int status = server.get(path(route), headers.toArray(new String[0])).status();
          found += status == 200 ? 1 : 0;
          assertTrue(status < 500, route.path());
        }
        assertTrue(found > 60, "only " + found + " were found");
        assertEquals(before, all(database));
      }
    }
  }

  private static List<Route> routes(TestServer server) {
    return server.server.apis().stream()
        .map(Api::routes)
        .flatMap(List::stream)
        .filter(route -> route.method() == Method.GET && !ENDLESS.contains(route.path()))
        .toList();
  }
}
