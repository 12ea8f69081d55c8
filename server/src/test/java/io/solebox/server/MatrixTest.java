package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.Matrix.Line;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.FieldTable.Alias;
import io.solebox.server.params.FieldTable.NoEffect;
import io.solebox.server.params.FieldTable.Read;
import io.solebox.server.params.FieldTable.Refused;
import io.solebox.server.params.FieldTable.Row;
import io.solebox.server.params.FieldType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Plays the {@link Matrix} against a server, in the order of its lines, and holds requests and
 * answers to the document at {@code /openapi.json}.
 */
@Timeout(120)
class MatrixTest {
  private static final Matrix MATRIX = Matrix.read();
  private static final boolean RECORDS = "1".equals(System.getenv("SOLEBOX_WRITE_DOCS"));
  private static final Map<Line, Object> RECORDED = new LinkedHashMap<>();
  private static final Map<String, String> IDS = new LinkedHashMap<>();
  private static final Map<String, FieldTable> TABLES = new HashMap<>();

  /** Errors that are about a request's shape alone, which its schema tells, too. */
  private static final Set<String> OF_SHAPE =
      Set.of("invalid_type", "unknown_parameter", "missing_required_parameter");

  @TempDir private static Path folder;
  private static TestServer server;
  private static RawClient client;
  private static Map<String, Object> document;
  private static SchemaCheck schemas;

  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);

  @BeforeAll
  static void start() throws IOException {
    server =
        new TestServer(
            ServerConfig.defaults().withStateFile(folder.resolve("server.db")), new EchoLibrary());
    Path weights = Files.writeString(folder.resolve("echo.gguf"), "weights");
    server.model.madeOf(weights);
    EchoModel caller = EchoModel.calling();
    caller.madeOf(weights);
    server.ready("caller", caller);
    server.ready("vectors", EchoModel.pooling("gemma-embedding", Pooling.MEAN));
    server.ready("judge", EchoModel.pooling("bert", Pooling.RANK));
    server.ready("spare", new EchoModel(true));
    document = server.get("/openapi.json").json();
    schemas = new SchemaCheck((Map<?, ?>) TestServer.at(document, "components.schemas"));
    client = server.client();
    IDS.put("$chat", id(server.postChat("hi", ",\"store\":true")));
    IDS.put("$conversation", id(server.post("/v1/conversations", "{}")));
    IDS.put("$response", id(server.post("/v1/responses", "{\"model\":\"echo\",\"input\":\"hi\"}")));
    IDS.put(
        "$file",
        id(
            FilesApiTest.upload(
                server, FilesApiTest.field("purpose", "batch"), FilesApiTest.file("a", "{}"))));
    IDS.put("$store", id(server.post("/v1/vector_stores", "{\"embedding_model\":\"vectors\"}")));
    String files = "/v1/vector_stores/" + IDS.get("$store") + "/files";
    id(server.post(files, "{\"file_id\":\"%s\"}".formatted(IDS.get("$file"))));
  }

  /** On one connection as long as the server keeps it. */
  private static RawClient.Answer call(Line line, String body) throws IOException {
    client.request(line.method(), filled(line.path()), utf8(body), line.headers());
    RawClient.Answer answer = client.receive();
    if ("close".equals(answer.headers().get("connection"))) {
      client.close();
      client = server.client();
    }
    return answer;
  }

  private static String id(RawClient.Answer answer) {
    assertEquals(200, answer.status(), answer::text);
    return (String) answer.at("id");
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    server.close();
    if (RECORDS) {
      MATRIX.write(RECORDED);
    }
  }

  static Stream<Line> lines() {
    return MATRIX.lines().stream();
  }

  private static String filled(String text) {
    String filled = text;
    for (var id : IDS.entrySet()) {
      filled = filled.replace(id.getKey(), id.getValue());
    }
    return filled;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lines")
  void isAnsweredAsRecorded(Line line) throws IOException {
    String body = filled(line.body());
    RawClient.Answer answer = call(line, body);
    assertEquals(line.status(), answer.status(), answer::text);
    Map<?, ?> operation =
        (Map<?, ?>)
            ((Map<?, ?>) ((Map<?, ?>) document.get("paths")).get(documented(line.path())))
                .get(line.method().toLowerCase(Locale.ROOT));
    Object asked = TestServer.at(members(operation), "requestBody.content.application/json.schema");
    if (answer.status() == 200) {
      assertFits(reader.readObject(utf8(body)), asked, "the request");
      assertAnswerFits(answer, operation);
      return;
    }
    Map<String, Object> error = answer.json();
    Object told = TestServer.at(members(operation), "responses.default.content.application/json");
    assertFits(error, ((Map<?, ?>) told).get("schema"), "the error");
    error.remove("request_id");
    if (line.answer().isEmpty() && RECORDS) {
      RECORDED.put(line, error);
      return;
    }
    assertEquals(line.answer().orElse("nothing recorded"), error);
    if (line.isObject() && isOfShape(error)) {
      Optional<String> fault =
          schemas.fault(reader.readObject(utf8(body)), (Map<?, ?>) asked, "the request");
      assertTrue(fault.isPresent(), () -> "the schema has nothing against " + body);
    }
  }

  static Stream<Line> optional() {
    return lines().filter(line -> line.status() == 200 && isOptional(line));
  }

  /** Of a field that may be absent. */
  private static boolean isOptional(Line line) {
    if (line.field().isEmpty() || !line.isObject()) {
      return false;
    }
    String[] names = line.field().get().split("\\.", 3);
    FieldTable table = TABLES.computeIfAbsent(names[0], MatrixTest::table);
    return switch (table.place(names[1]).get(names[2])) {
      case null -> false;
      case Read read -> !read.required() && !names[2].equals("*");
      case Alias(String name) ->
          !(table.place(names[1]).get(name) instanceof Read read) || !read.required();
      case NoEffect _, Refused _ -> true;
    };
  }

  /** What a request needs is missing then; nothing is refused for being null. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("optional")
  void nullIsAsGoodAsAbsent(Line line) throws IOException {
    Map<String, Object> body = reader.readObject(utf8(filled(line.body())));
    String[] names = line.field().orElseThrow().split("\\.", 3);
    boolean atTop = line.fields().equals(names[0] + "." + names[1]);
    Map<String, Object> owner = owner(body, names[2], atTop).orElseThrow();
    owner.put(names[2], null);
    RawClient.Answer answer = call(line, new JsonWriter().text(body));
    if (answer.status() != 200) {
      owner.remove(names[2]);
      RawClient.Answer without = call(line, new JsonWriter().text(body));
      assertEquals(without.status(), answer.status(), answer::text);
      assertEquals(code(without.json()), code(answer.json()), answer::text);
    }
  }

  /** The outermost object with a member of this name. */
  private static Optional<Map<String, Object>> owner(Object value, String name, boolean here) {
    return switch (value) {
      case Map<?, ?> map when here && map.containsKey(name) -> Optional.of(members(map));
      case Map<?, ?> map -> first(map.values(), name);
      case List<?> list -> first(list, name);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Map<String, Object>> first(Collection<?> values, String name) {
    return values.stream()
        .filter(Objects::nonNull)
        .flatMap(each -> owner(each, name, true).stream())
        .findFirst();
  }

  /** What is missing inside may be missing beside other members only. */
  private static boolean isOfShape(Map<String, Object> error) {
    String code = code(error);
    boolean missingInside =
        code.equals("missing_required_parameter")
            && error.toString().matches(".*parameter: '\\w+[.\\[].*");
    return OF_SHAPE.contains(code) && !missingInside;
  }

  /** Of whichever API. */
  private static String code(Map<String, Object> error) {
    Object code = error.get("code");
    if (error.get("error") instanceof Map<?, ?> inner) {
      code = inner.get("code");
      if (inner.get("details") instanceof Map<?, ?> details) {
        code = details.get("error_code");
      }
    }
    return String.valueOf(code);
  }

  private static String documented(String path) {
    return path.replaceAll("(?<=store/files/)\\$\\w+", "{file}").replaceAll("\\$\\w+", "{id}");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private static Map<String, Object> members(Map<?, ?> map) {
    return (Map<String, Object>) map;
  }

  private static void assertFits(Object value, Object schema, String what) {
    assertEquals(Optional.empty(), schemas.fault(value, (Map<?, ?>) schema, what));
  }

  private void assertAnswerFits(RawClient.Answer answer, Map<?, ?> operation) {
    String type = answer.headers().get("content-type");
    if (answer.body().length > 0 && type.startsWith("application/json")) {
      Object told = TestServer.at(members(operation), "responses.200.content.application/json");
      assertFits(reader.read(answer.body()), ((Map<?, ?>) told).get("schema"), "the answer");
    }
  }

  /**
   * Of each field that a table knows there is a line that takes it, if it is taken, and one that
   * refuses it, if it can be wrong.
   */
  @Test
  void everyFieldHasItsLines() {
    List<String> missing = new ArrayList<>();
    for (String api : Matrix.NAMES) {
      if (api.equals("structured")) {
        continue; // lines about fields of the others
      }
      FieldTable table = TABLES.computeIfAbsent(api, MatrixTest::table);
      for (Row row : table.rows()) {
        String field = "%s.%s.%s".formatted(api, row.place(), row.name());
        boolean taken = has(field, true);
        boolean refused = has(field, false);
        boolean complete =
            switch (row.rule()) {
              case Read _ when row.name().equals("*") -> true; // the place's own field has them
              case Read(FieldType type, boolean required, _) ->
                  taken && (refused || (type instanceof FieldType.Any && !required));
              case Alias _ -> taken;
              case NoEffect _ -> taken || row.name().equals("*");
              case Refused(Set<String> neutral, _) -> refused && (taken || neutral.isEmpty());
            };
        if (!complete) {
          missing.add(field);
        }
      }
    }
    assertEquals(List.of(), missing, "fields whose lines are missing in the matrix");
  }

  private static FieldTable table(String api) {
    return FieldTable.read(MatrixTest.class.getResourceAsStream(api + "/fields.txt"));
  }

  private static boolean has(String field, boolean taken) {
    return MATRIX.lines().stream()
        .anyMatch(
            line ->
                line.field().filter(field::equals).isPresent() && taken == (line.status() == 200));
  }
}
