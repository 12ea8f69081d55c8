package io.solebox.server.knowledge;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.knowledge.store.Access;
import io.solebox.server.knowledge.store.VectorStore;
import io.solebox.server.knowledge.store.VectorStores;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who else may use a vector store. */
record AccessRoutes(Ground ground) {
  private static final String PATH = Ground.ONE + "/access";
  private static final String NONE = "none";

  List<Route> routes() {
    RouteLimits limits = RouteLimits.body(ground.maxBodyBytes());
    return List.of(
        ground.get(PATH, this::get),
        new Route(Method.PUT, PATH, Permission.USE_MODELS, limits, this::put));
  }

  private void get(Exchange exchange) {
    send(exchange, ground.store(exchange, Access.OWNER).store());
  }

  private void put(Exchange exchange) throws InterruptedException {
    VectorStore store = ground.store(exchange, Access.OWNER).store();
    Map<String, Access> readers = ground.read(exchange, "access", body -> readers(store, body));
    ground.keeping().stores().share(store.id(), readers);
    exchange.record("knowledge.share", store.id(), Map.of("to", told(readers)));
    send(exchange, store);
  }

  private String told(Map<String, Access> readers) {
    return readers.isEmpty()
        ? "nobody"
        : readers.entrySet().stream()
            .map(each -> name(each.getKey()) + " (" + each.getValue().word() + ")")
            .collect(Collectors.joining(", "));
  }

  private String name(String reader) {
    return reader.equals(VectorStores.EVERYONE) ? "everyone" : ground.people().nameOf(reader);
  }

  private Map<String, Access> readers(VectorStore store, Fields body) {
    Map<String, Access> readers = new LinkedHashMap<>();
    access(body.string("everyone").orElse(NONE), "everyone")
        .ifPresent(its -> readers.put(VectorStores.EVERYONE, its));
    List<Object> people = body.array("people").orElse(List.of());
    for (int i = 0; i < people.size(); i++) {
      Fields person = Ground.fields("person", people.get(i), "people[" + i + "]");
      String name = person.required("name");
      String id =
          ground
              .people()
              .idOf(name)
              .orElseThrow(
                  () ->
                      Params.invalidValue(
                          person.param("name"), "Nobody here is called '%s'.".formatted(name)));
      Optional<Access> access = access(person.required("access"), person.param("access"));
      person.settle(false);
      if (!id.equals(store.owner())) {
        access.ifPresent(its -> readers.put(id, its));
      }
    }
    return readers;
  }

  private static Optional<Access> access(String word, String param) {
    return switch (word) {
      case NONE -> Optional.empty();
      case "read" -> Optional.of(Access.READ);
      case "write" -> Optional.of(Access.WRITE);
      case String _ -> throw Params.invalidValue(param, "It must be none, read or write.");
    };
  }

  private void send(Exchange exchange, VectorStore store) {
    Map<String, Access> readers = ground.keeping().stores().readers(store.id());
    List<Map<String, Object>> people = new ArrayList<>();
    readers.forEach(
        (reader, access) -> {
          if (!reader.equals(VectorStores.EVERYONE)) {
            people.add(Map.of("name", ground.people().nameOf(reader), "access", access.word()));
          }
        });
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "vector_store.access");
    body.put(
        "everyone",
        Optional.ofNullable(readers.get(VectorStores.EVERYONE)).map(Access::word).orElse(NONE));
    body.put("people", people);
    ground.send(exchange, body);
  }
}
