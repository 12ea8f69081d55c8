package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Api;
import io.solebox.server.http.Method;
import io.solebox.server.http.Route;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever is answered, a browser makes nothing of it but what it is. */
@Timeout(60)
class SafeHeadersTest {
  private static final Set<String> PAGES =
      Set.of(
          "/",
          "/c/echo",
          "/s/echo",
          "/compare",
          "/knowledge",
          "/knowledge/echo",
          "/signin",
          "/setup",
          "/desk");

  /**
   * What everybody has may be kept, and used by a frame without an origin, which a page of ours may
   * have.
   */
  private static final Set<String> PUBLIC =
      Set.of("/favicon.ico", "/frame/diagram", "/frame/script");

  private static TestServer server;

  @BeforeAll
  static void start() {
    server =
        new TestServer(
            ServerConfig.defaults().withAllowedOrigins(List.of("https://notes.example")));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void check(String what, RawClient.Answer answer, boolean page) {
    assertEquals("nosniff", answer.header("X-Content-Type-Options"), what);
    assertEquals("DENY", answer.header("X-Frame-Options"), what);
    assertEquals("no-referrer", answer.header("Referrer-Policy"), what);
    assertEquals("same-origin", answer.header("Cross-Origin-Resource-Policy"), what);
    assertTrue(answer.header("Permissions-Policy").contains("camera=()"), what);
    assertFalse(answer.headers().containsKey("strict-transport-security"), what);
    String policy = answer.header("Content-Security-Policy");
    assertTrue(policy.contains("frame-ancestors 'none'"), what);
    assertFalse(policy.contains("unsafe"), what);
    assertTrue(policy.startsWith(page ? "default-src 'self'" : "default-src 'none'"), what);
    String kept = answer.header("Cache-Control");
    assertTrue(page ? kept.equals("no-cache") : kept.startsWith("no-store"), what + ": " + kept);
  }

  /** The answer without what follows its header, which may go on for ever. */
  private static RawClient.Answer head(String method, String path) throws IOException {
    try (RawClient client = server.client()) {
      client.request(method, path, new byte[0]);
      int status = Integer.parseInt(client.line().split(" ")[1]);
      return new RawClient.Answer(status, client.headers(), new byte[0]);
    }
  }

  @Test
  void everyRouteAsItIsMeantAndAsNobodyMeansIt() throws IOException {
    List<Route> routes =
        server.server.apis().stream().map(Api::routes).flatMap(List::stream).toList();
    for (Route route : routes) {
      String path = route.path().replaceAll("\\{[^}]+}", "echo");
      if (!PUBLIC.contains(path)) {
        check(path, head(route.method().name(), path), PAGES.contains(path));
      }
      if (route.method() == Method.GET) {
        check(path, server.call("TRACE", path, ""), false);
      }
    }
  }

  @Test
  void errorsBeforeAndBehindRoutes() throws IOException {
    check("no route", server.get("/nothing"), false);
    check("no host", server.get("/v1/models", "Origin: https://evil.example"), false);
    check("bad body", server.post("/v1/completions", "{"), false);
    try (RawClient client = server.client()) {
      client.send("nonsense\r\n\r\n");
      check("no HTTP", client.receive(), false);
    }
    try (RawClient client = server.client()) {
      client.head("GET / HTTP/1.1", "X: " + "y".repeat(20_000));
      check("long header", client.receive(), false);
    }
  }

  @Test
  void streamsAndPagesFromElsewhere() throws IOException {
    check("stream", server.postChat("hi", ",\"stream\":true"), false);
    RawClient.Answer answer = server.get("/v1/models", "Origin: https://notes.example");
    check("other origin", answer, false);
    assertEquals("https://notes.example", answer.header("Access-Control-Allow-Origin"));
    assertTrue(answer.header("Access-Control-Expose-Headers").contains("X-Request-Id"));
    RawClient.Answer asked =
        server.call(
            "OPTIONS",
            "/v1/models",
            "",
            "Origin: https://notes.example",
            "Access-Control-Request-Method: GET");
    assertEquals(204, asked.status());
    check("preflight", asked, false);
    assertNull(server.get("/").header("Cross-Origin-Opener-Policy")); // not encrypted
  }
}
