package io.solebox.server.describe;

import io.solebox.server.http.Api;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The routes of a server as an <a href="https://spec.openapis.org/oas/v3.1.0">OpenAPI 3.1</a>
 * document. Paths, methods, who may call and how long a body may be come from the routes
 * themselves, so that the document has all of them and no other; what they are for comes from
 * {@link Operations}, and what bodies are like from the tables of fields ({@link Schemas}).
 */
final class OpenApi {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final String JSON = "application/json";
  private static final String KEY = "key";
  private static final String KEY_IN_HEADER = "x_api_key";
  private static final Map<String, Object> NO_KEY = Map.of();
  private static final String ANSWERS = "answers.";

  /** A route that the file of words has forgotten; a test finds it. */
  private static final Map<String, Object> UNDESCRIBED = Map.of("tag", "other");

  private final Operations operations;
  private final String version;
  private final Schemas schemas;
  private final Set<String> tags = new LinkedHashSet<>();

  /**
   * @param version of the server
   */
  OpenApi(Operations operations, String version) {
    this.operations = operations;
    this.version = version;
    this.schemas = new Schemas(Tables::read);
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
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("title", "Solebox");
    info.put("version", version);
    info.put("license", Map.of("name", "Apache-2.0", "identifier", "Apache-2.0"));
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("openapi", "3.1.0");
    document.put("info", info);
    document.put("tags", tags.stream().map(tag -> Map.of("name", tag)).toList());
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
    Map<String, Object> known = operations.of(route).orElse(UNDESCRIBED);
    tags.add(Operations.tag(known));
    Map<String, Object> operation = new LinkedHashMap<>();
    operation.put("operationId", id(route));
    operation.put("tags", List.of(Operations.tag(known)));
    operation.putAll(Operations.words(known));
    operation.put("security", security(route.permission()));
    List<Object> parameters = parameters(route, known);
    if (!parameters.isEmpty()) {
      operation.put("parameters", parameters);
    }
    if (route.limits().maxBodyBytes() > 0) {
      operation.put("requestBody", body(known));
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
      case SEE, USE_MODELS, OWN_ACCOUNT, ADMINISTRATE ->
          List.of(Map.of(KEY, List.of()), Map.of(KEY_IN_HEADER, List.of()));
    };
  }

  private List<Object> parameters(Route route, Map<String, Object> known) {
    List<Object> parameters = new ArrayList<>();
    PARAMETER
        .matcher(Operations.path(route))
        .results()
        .forEach(
            found -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("name", found.group(1));
              one.put("in", "path");
              one.put("required", true);
              one.put("schema", Map.of("type", "string"));
              parameters.add(one);
            });
    Operations.place(known, "query")
        .ifPresent(place -> parameters.addAll(schemas.parameters(ANSWERS + place)));
    return parameters;
  }

  private Map<String, Object> body(Map<String, Object> known) {
    List<Object> places = Operations.body(known).stream().<Object>map(schemas::reference).toList();
    Object schema =
        switch (places.size()) {
          case 0 -> Map.of();
          case 1 -> places.getFirst();
          default -> Map.of("anyOf", places);
        };
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("required", true);
    body.put("content", content(Operations.consumes(known), schema));
    return body;
  }

  private static Map<String, Object> content(String type, Object schema) {
    return Map.of(type, Map.of("schema", schema));
  }

  private Map<String, Object> responses(Route route, Map<String, Object> known) {
    Map<String, Object> contents = new LinkedHashMap<>();
    for (String type : Operations.produces(known)) {
      contents.put(type, type.equals(JSON) ? Map.of("schema", answer(known)) : Map.of());
    }
    Map<String, Object> fine = new LinkedHashMap<>();
    fine.put("description", "Fine.");
    fine.put("content", contents);
    Map<String, Object> responses = new LinkedHashMap<>();
    responses.put("200", fine);
    if (route.permission() != Permission.OPEN) {
      Map<String, Object> wrong = new LinkedHashMap<>();
      wrong.put("description", "It could not be answered; docs/api.md has the codes.");
      wrong.put("content", content(JSON, schemas.reference(ANSWERS + error(known))));
      responses.put("default", wrong);
    }
    return responses;
  }

  /** An object, an array of them, or either. */
  private Map<String, Object> answer(Map<String, Object> known) {
    List<Map<String, Object>> shapes = new ArrayList<>();
    Operations.place(known, "answer")
        .ifPresent(place -> shapes.add(schemas.reference(ANSWERS + place)));
    Operations.place(known, "answers")
        .map(place -> schemas.reference(ANSWERS + place))
        .ifPresent(each -> shapes.add(Map.of("type", "array", "items", each)));
    return switch (shapes.size()) {
      case 0 -> Map.of();
      case 1 -> shapes.getFirst();
      default -> Map.of("anyOf", shapes);
    };
  }

  /** The shape of errors, which each API has of its own. */
  private static String error(Map<String, Object> known) {
    return switch (Operations.tag(known)) {
      case "anthropic" -> "anthropic_error";
      case "ollama" -> "ollama_error";
      case "llama-server" -> "llama_error";
      default -> "error";
    };
  }

  private Map<String, Object> components() {
    Map<String, Object> bearer = new LinkedHashMap<>();
    bearer.put("type", "http");
    bearer.put("scheme", "bearer");
    bearer.put("description", "Where the server was started with --api-key-file.");
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("type", "apiKey");
    header.put("in", "header");
    header.put("name", "X-Api-Key");
    Map<String, Object> keys = new LinkedHashMap<>();
    keys.put(KEY, bearer);
    keys.put(KEY_IN_HEADER, header);
    Map<String, Object> components = new LinkedHashMap<>();
    components.put("securitySchemes", keys);
    components.put("schemas", schemas.all());
    return components;
  }
}
