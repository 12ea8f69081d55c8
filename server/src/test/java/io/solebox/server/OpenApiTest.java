package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.Api;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
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
        assertEquals(route.path().contains("{"), operation.containsKey("parameters"), route::path);
        assertTrue(((Map<?, ?>) operation.get("responses")).containsKey("200"), route::path);
      }
    }
  }

  /** What the file of words says of a route that is not there would be of nobody's use. */
  @Test
  void noWordsAreLeftOver() throws IOException {
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
        Set<String> extra = new TreeSet<>(words.keySet());
        extra.removeAll(of);
        assertEquals(Set.of(), extra);
        words
            .values()
            .forEach(
                operation -> assertTrue(((Map<?, ?>) operation).get("summary") instanceof String));
      }
    }
  }
}
