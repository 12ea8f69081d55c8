package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What browsers are told of a session's cookie, where nobody between can read along. */
@Timeout(60)
class CookiesTest {
  private static final String JSON = "Content-Type: application/json";
  private static final String OWN = "Sec-Fetch-Site: same-origin";
  private static final String OVER_TLS = "X-Forwarded-Proto: https"; // by a proxy of this machine

  @TempDir private Path folder;

  private static Set<String> words(RawClient.Answer answer) {
    return new TreeSet<>(Arrays.asList(answer.header("Set-Cookie").split("; ")));
  }

  @Test
  void overTlsItIsForThisHostAloneAndGoesWithTheSession() throws IOException {
    try (TestServer server =
        new TestServer(
            ServerConfig.defaults().withStateFile(folder.resolve("server.db")).withAccounts())) {
      String code = server.server.setUpCode().orElseThrow().code();
      String first =
          "{\"code\":\"%s\",\"name\":\"anna\",\"password\":\"violet harbour seven\"}"
              .formatted(code);
      RawClient.Answer in = server.post("/auth/setup", first, JSON, OWN, OVER_TLS);
      assertEquals(200, in.status(), in::text);
      Set<String> words = words(in);
      assertTrue(
          words.containsAll(Set.of("Path=/", "HttpOnly", "SameSite=Strict", "Secure")),
          words::toString);
      assertFalse(words.toString().contains("Domain="), words::toString);
      String cookie =
          words.stream().filter(w -> w.startsWith("__Host-solebox=")).findFirst().orElseThrow();
      String token = cookie.substring(cookie.indexOf('=') + 1);
      assertEquals(43, token.length()); // 256 bits
      assertFalse(in.text().contains(token));

      String header = "Cookie: " + cookie;
      assertEquals(200, server.get("/auth/me", header, OVER_TLS).status());
      assertEquals(401, server.get("/auth/me", header).status()); // by another name without TLS
      RawClient.Answer out = server.post("/auth/sign-out", "", header, OWN, OVER_TLS);
      assertEquals(200, out.status(), out::text);
      assertTrue(words(out).containsAll(Set.of("__Host-solebox=", "Max-Age=0", "Secure")));
      assertEquals("\"cache\", \"storage\"", out.header("Clear-Site-Data"));
      assertEquals(401, server.get("/auth/me", header, OVER_TLS).status());
      String wrong = "{\"name\":\"anna\",\"password\":\"violet harbour nine\"}";
      assertEquals(401, server.post("/auth/sign-in", wrong, JSON, OWN, OVER_TLS).status());
      assertNull(server.get("/auth").header("Set-Cookie")); // nobody gets one unasked
    }
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      List<String> told =
          database.read(sql -> sql.list(row -> row.getString(1), "SELECT action FROM audit"));
      assertTrue(
          told.containsAll(List.of("sign-in.ok", "session.end", "sign-in.refused")),
          told::toString);
    }
  }
}
