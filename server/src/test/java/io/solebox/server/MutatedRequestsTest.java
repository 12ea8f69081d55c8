package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Api;
import io.solebox.server.http.Method;
import io.solebox.server.http.Route;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong outside JSON: in paths, behind the {@code ?}, in forms, in bytes that are no JSON
 * at all, at every route and by every method. Never 5xx, never a hang.
 */
@Timeout(120)
class MutatedRequestsTest {
  private static final int EACH = 12;

  private static final List<String> ODD =
      List.of(
          "",
          "0",
          "-1",
          "1e9",
          "9223372036854775808",
          "none",
          "true",
          "null",
          "a b",
          "..",
          "%",
          "../../etc/passwd",
          "'; DROP TABLE file; --",
          "\u0000",
          "\ud83d\ude00",
          "x".repeat(2000),
          "file-1",
          "resp_1",
          "conv_1",
          "batch_1",
          "echo",
          "echo:latest");

  private static final List<String> QUERIES =
      List.of("limit", "order", "after", "purpose", "model", "stream", "starting_after", "include");

  /** Streams of what becomes of models, and of somebody's chats. */
  private static final Set<String> ENDLESS = Set.of("/models/sse", "/chats/events");

  private static final String FORM = "Content-Type: multipart/form-data; boundary=";

  @TempDir private Path folder;
  private final Random random = new Random(21);
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String odd() {
    return ODD.get(random.nextInt(ODD.size()));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private List<Route> routes() {
    return server.server.apis().stream()
        .map(Api::routes)
        .flatMap(List::stream)
        .filter(route -> !ENDLESS.contains(route.path()))
        .toList();
  }

  private static void assertNoFault(RawClient.Answer answer, String what) {
    assertTrue(answer.status() < 500, () -> what + " answered " + answer.text());
  }

  private String path(Route route) {
    StringBuilder path = new StringBuilder();
    for (String segment : route.path().substring(1).split("/", -1)) {
      path.append('/').append(segment.startsWith("{") ? encoded(odd()) : segment);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      String name = QUERIES.get(random.nextInt(QUERIES.size()));
      path.append(path.indexOf("?") < 0 ? '?' : '&')
          .append(name)
          .append('=')
          .append(encoded(odd()));
    }
    return path.toString();
  }

  @Test
  void oddPathsAndQueries() throws IOException {
    for (Route route : routes()) {
      for (int i = 0; i < EACH; i++) {
        String path = path(route);
        String method = route.method().name();
        String body = route.method() == Method.POST ? "{}" : "";
        assertNoFault(server.call(method, path, body), method + " " + path);
      }
    }
  }

  @Test
  void everyMethodAtEveryRoute() throws IOException {
    for (Route route : routes()) {
      for (Method method : Method.values()) {
        String path = route.path().replaceAll("\\{[^}]+}", "echo");
        assertNoFault(server.call(method.name(), path, "{}"), method + " " + path);
      }
    }
  }

  @Test
  void bytesThatAreNoJson() throws IOException {
    byte[] bytes = new byte[200];
    for (Route route : routes()) {
      for (int i = 0; route.limits().maxBodyBytes() > 0 && i < 4; i++) {
        random.nextBytes(bytes);
        try (RawClient client = server.client()) {
          client.request("POST", route.path().replaceAll("\\{[^}]+}", "echo"), bytes);
          assertNoFault(client.receive(), route.path());
        }
      }
    }
  }

  @Test
  void brokenForms() throws IOException {
    String whole =
        FilesApiTest.field("purpose", "batch")
            + FilesApiTest.field("expires_after[seconds]", "3600")
            + FilesApiTest.file("a.jsonl", "{}")
            + "--xyz--\r\n";
    int taken = 0;
    for (int i = 0; i < 150; i++) {
      String form = i % 10 == 0 ? whole : mutated(whole);
      String boundary = random.nextInt(8) == 0 ? encoded(odd()) : "xyz";
      RawClient.Answer answer = server.call("POST", "/v1/files", form, FORM + boundary);
      assertNoFault(answer, form);
      taken += answer.status() == 200 ? 1 : 0;
    }
    assertTrue(taken > 5, "nearly all forms were refused");
  }

  /** With a part of it gone, doubled or replaced. */
  private String mutated(String form) {
    List<String> lines = new ArrayList<>(List.of(form.split("(?<=\r\n)")));
    int at = random.nextInt(lines.size());
    switch (random.nextInt(5)) {
      case 0 -> lines.remove(at);
      case 1 -> lines.add(at, lines.get(at));
      case 2 -> lines.set(at, odd() + "\r\n");
      case 3 -> lines.set(at, lines.get(at).replace("\r\n", "\n"));
      default -> {
        String text = String.join("", lines);
        return text.substring(0, random.nextInt(text.length()));
      }
    }
    return String.join("", lines);
  }
}
