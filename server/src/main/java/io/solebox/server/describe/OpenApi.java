package io.solebox.server.describe;

import io.solebox.server.http.Api;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The routes of a server as an <a href="https://spec.openapis.org/oas/v3.1.0">OpenAPI 3.1</a>
 * document. Paths, methods, who may call and how long a body may be come from the routes
 * themselves, so that the document has all of them and no other; what bodies mean comes from {@link
 * Operations}.
 */
final class OpenApi {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final String JSON = "application/json";
  private static final String KEY = "key";
  private static final Map<String, Object> NO_KEY = Map.of();

  private final Operations operations;
  private final String version;

  /**
   * @param version of the server
   */
  OpenApi(Operations operations, String version) {
    this.operations = operations;
    this.version = version;
  }

  /** A JSON object. */
  Map<String, Object> document(List<Api> apis) {
    Map<String, Object> paths = new LinkedHashMap<>();
    for (Api api : apis) {
      for (Route route : api.routes()) {
        // Who sends another API's header gets its shape; the document has the usual one.
        path(paths, Operations.path(route)).putIfAbsent(method(route), operation(route));
      }
    }
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put("info", Map.of("title", "Solebox", "version", version));
    document.put("paths", paths);
    document.put("components", components());
    return document;
  }

  @SuppressWarnings("unchecked") // all values are made here
  private static Map<String, Object> path(Map<String, Object> paths, String path) {
    return (Map<String, Object>) paths.computeIfAbsent(path, _ -> new LinkedHashMap<>());
  }

  private static String method(Route route) {
    return switch (route.method()) {
      case GET -> "get";
      case POST -> "post";
      case PUT -> "put";
      case PATCH -> "patch";
      case DELETE -> "delete";
    };
  }

  private Map<String, Object> operation(Route route) {
    Optional<Map<String, Object>> known = operations.of(route);
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", id(route));
    operation.putAll(known.map(Operations::words).orElse(Map.of()));
    operation.put("security", security(route.permission()));
    List<Object> parameters = parameters(route);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    if (route.limits().maxBodyBytes() > 0) {
      operation.put(
          "requestBody",
          body(known.map(Operations::consumes).orElse(JSON), known.flatMap(Operations::body)));
    }
    operation.put("responses", responses(route, known));
    return operation;
  }

  /** As in {@code post_v1_chat_completions}. */
  private static String id(Route route) {
    return method(route)
        + Operations.path(route).replaceAll("[^A-Za-z0-9]+", "_").replaceAll("_$", "");
  }

  private static List<Object> security(Permission permission) {
    return switch (permission) {
      case OPEN -> List.of(NO_KEY);
      case USE_MODELS, ADMINISTRATE -> List.of(Map.of(KEY, List.of()));
    };
  }

  private static List<Object> parameters(Route route) {
    Matcher parameter = PARAMETER.matcher(Operations.path(route));
    return parameter
        .results()
        .<Object>map(
            found -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("name", found.group(1));
              one.put("in", "path");
              one.put("required", true);
              one.put("schema", Map.of("type", "string"));
              return one;
            })
        .toList();
  }

  private static Map<String, Object> body(String type, Optional<Object> schema) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("required", true);
    body.put("content", content(type, schema.orElse(Map.of("type", "object"))));
    return body;
  }

  private static Map<String, Object> content(String type, Object schema) {
    return Map.of(type, Map.of("schema", schema));
  }

  private static Map<String, Object> responses(Route route, Optional<Map<String, Object>> known) {
    Map<String, Object> responses = new LinkedHashMap<>();
    Map<String, Object> fine = new LinkedHashMap<>();
    fine.put("description", "Fine.");
    Map<String, Object> contents = new LinkedHashMap<>();
    for (String type : known.map(Operations::produces).orElse(List.of(JSON))) {
      contents.put(type, Map.of());
    }
    fine.put("content", contents);
    responses.put("200", fine);
    if (route.permission() != Permission.OPEN) {
      Map<String, Object> wrong = new LinkedHashMap<>();
      wrong.put("description", "It could not be answered; docs/api.md has the codes.");
      wrong.put("content", content(JSON, Map.of("$ref", "#/components/schemas/Error")));
      responses.put("default", wrong);
    }
    return responses;
  }

  private static Map<String, Object> components() {
    Map<String, Object> key = new LinkedHashMap<>();
    key.put("type", "http");
    key.put("scheme", "bearer");
    key.put("description", "Where the server was started with --api-key-file.");
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", "object");
    error.put(
        "properties", Map.of("error", Map.of("type", "object", "additionalProperties", true)));
    Map<String, Object> components = new LinkedHashMap<>();
    components.put("securitySchemes", Map.of(KEY, key));
    components.put("schemas", Map.of("Error", error));
    return components;
  }
}
