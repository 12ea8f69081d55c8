package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Api;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code /openapi.json} is what the server answers, no more and no less. */
class OpenApiTest {
  private static List<Route> routes(TestServer server) {
    return server.server.apis().stream().map(Api::routes).flatMap(List::stream).toList();
  }

  /** OpenAPI has no other parameters than those of one segment. */
  private static String path(Route route) {
    return route.path().replace("*}", "}");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Map<String, Map<String, Object>>> paths(TestServer server)
      throws IOException {
    RawClient.Answer answer = server.get("/openapi.json");
    assertEquals(200, answer.status());
    assertEquals("3.1.0", answer.at("openapi"));
    return (Map<String, Map<String, Map<String, Object>>>) answer.at("paths");
  }

  @Test
  void everyRouteIsInItAndNothingElse() throws IOException {
    try (TestServer server = new TestServer()) {
      Set<String> of =
          routes(server).stream()
              .map(r -> r.method().name().toLowerCase(Locale.ROOT) + " " + path(r))
              .collect(Collectors.toCollection(TreeSet::new));
      Set<String> told = new TreeSet<>();
      paths(server)
          .forEach((path, methods) -> methods.keySet().forEach(m -> told.add(m + " " + path)));
      assertEquals(of, told);
    }
  }

  private static List<String> inPath(Route route) {
    return Pattern.compile("\\{(\\w+)}")
        .matcher(path(route))
        .results()
        .map(r -> r.group(1))
        .toList();
  }

  private static List<String> parameters(Map<String, Object> operation, String where) {
    List<?> all = (List<?>) operation.getOrDefault("parameters", List.of());
    return all.stream()
        .map(each -> (Map<?, ?>) each)
        .filter(each -> where.equals(each.get("in")))
        .map(each -> (String) each.get("name"))
        .toList();
  }

  @Test
  void operationsSayWhoMayAndWhatTheyTake() throws IOException {
    try (TestServer server = new TestServer()) {
      var paths = paths(server);
      Set<Object> ids = new HashSet<>();
      Set<String> seen = new HashSet<>();
      for (Route route : routes(server)) {
        if (!seen.add(route.method() + route.path())) {
          continue; // of another API, for those who send its header
        }
        Map<String, Object> operation =
            paths.get(path(route)).get(route.method().name().toLowerCase(Locale.ROOT));
        assertTrue(ids.add(operation.get("operationId")), route::path);
        List<?> security = (List<?>) operation.get("security");
        boolean open = ((Map<?, ?>) security.getFirst()).isEmpty();
        assertEquals(route.permission() == Permission.OPEN, open, route::path);
        assertEquals(
            route.limits().maxBodyBytes() > 0, operation.containsKey("requestBody"), route::path);
        assertEquals(inPath(route), parameters(operation, "path"), route::path);
        assertTrue(((Map<?, ?>) operation.get("responses")).containsKey("200"), route::path);
      }
    }
  }

  /** What stands behind the {@code ?} of any path is told, and nothing else is. */
  @Test
  void everyQueryParameterIsInItAndNothingElse() throws IOException {
    Set<String> told = new TreeSet<>();
    try (TestServer server = new TestServer()) {
      for (var methods : paths(server).values()) {
        methods.values().forEach(operation -> told.addAll(parameters(operation, "query")));
      }
    }
    Set<String> read = new TreeSet<>();
    Pattern reading = Pattern.compile("\\bquery\\(\"(\\w+)\"\\)");
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        reading.matcher(Files.readString(source)).results().forEach(r -> read.add(r.group(1)));
      }
    }
    assertEquals(read, told);
  }

  @Test
  void everyRouteHasWordsAndNothingElse() throws IOException {
    try (TestServer server = new TestServer()) {
      Set<String> of =
          routes(server).stream()
              .map(r -> r.method() + " " + path(r))
              .collect(Collectors.toCollection(TreeSet::new));
      try (var in =
          SoleboxServer.class.getResourceAsStream("/io/solebox/server/describe/operations.json")) {
        var words =
            new io.solebox.engine.json.JsonReader(io.solebox.engine.json.JsonLimits.LOCAL)
                .readObject(in.readAllBytes());
        assertEquals(of, new TreeSet<>(words.keySet()), "what operations.json says words of");
        words
            .values()
            .forEach(
                operation -> {
                  assertTrue(((Map<?, ?>) operation).get("summary") instanceof String);
                  assertTrue(((Map<?, ?>) operation).get("tag") instanceof String);
                });
      }
    }
  }
}
