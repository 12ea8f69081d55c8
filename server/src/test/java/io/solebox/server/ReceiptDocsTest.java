package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.box.BoxKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The schema and the verifier of {@code docs/receipts}, on receipts that a server makes. */
@Timeout(60)
class ReceiptDocsTest {
  private static final Path DOCS = Path.of("../docs/receipts");
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);
  private static final JsonWriter WRITER = new JsonWriter();

  /** Verifies all the files that it is given, one line for each. */
  private static final String DRIVER =
      "import sys; sys.path.insert(0, sys.argv[1]); import verify;"
          + "[print('=', verify.main(path)) for path in sys.argv[2:]]";

  @TempDir private static Path folder;
  private static List<Map<String, Object>> receipts;

  @BeforeAll
  static void ask() throws IOException {
    try (TestServer server =
        new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")))) {
      server.model.madeOf(Files.writeString(folder.resolve("écho \"1\".gguf"), "weights"));
      server.model.guessed(3, 2);
      String more = ",\"receipt\":true,\"n\":2,\"logit_bias\":{\"5\":-1.5},\"stop\":\"lo\"";
      String rich = more + ",\"logprobs\":true,\"top_logprobs\":2,\"context_shift\":true";
      receipts =
          List.of(
              receipt(server.postChat("hello", rich)),
              receipt(server.postCompletion("hello", ",\"receipt\":true")));
    }
  }

  private static Map<String, Object> receipt(RawClient.Answer answer) {
    assertEquals(200, answer.status(), answer::text);
    return members(answer.json().get("receipt"));
  }

  @SuppressWarnings("unchecked") // JSON objects have String keys
  private static Map<String, Object> members(Object value) {
    return (Map<String, Object>) assertInstanceOf(Map.class, value);
  }

  @Test
  void theSchemaHasAllMembersAndNoOthers() throws IOException {
    byte[] text = Files.readAllBytes(DOCS.resolve("receipt.schema.json"));
    Map<String, Object> schema = new LinkedHashMap<>(READER.readObject(text));
    schema.remove("$schema");
    schema.remove("title");
    SchemaCheck check = new SchemaCheck(Map.of());
    for (Map<String, Object> receipt : receipts) {
      assertEquals(Optional.empty(), check.fault(receipt, schema, "receipt"));
    }
  }

  @Test
  void theVerifierAcceptsWhatWasSignedAndNothingElse() throws Exception {
    List<Path> files = new ArrayList<>();
    for (Map<String, Object> receipt : receipts) {
      files.add(write(receipt));
    }
    files.add(write(Map.of("receipt", receipts.getFirst(), "choices", List.of())));
    Map<String, Object> unsalted = new LinkedHashMap<>(receipts.getFirst());
    unsalted.remove("salt");
    files.add(write(unsalted));
    int valid = files.size();
    alter(receipts.getFirst(), altered -> files.add(write(altered)));
    List<String> results = python(files);
    for (int i = 0; i < files.size(); i++) {
      String file = Files.readString(files.get(i));
      assertEquals("= " + (i < valid ? 0 : 1), results.get(i), file);
    }
  }

  private interface Taker {
    void take(Object altered) throws IOException;
  }

  /** Gives the receipt with each of its values changed in turn. */
  private static void alter(Object value, Taker taker) throws IOException {
    switch (value) {
      case Map<?, ?> map -> {
        for (var member : map.entrySet()) {
          alter(
              member.getValue(),
              other -> {
                Map<Object, Object> altered = new LinkedHashMap<>(map);
                altered.put(member.getKey(), other);
                taker.take(altered);
              });
        }
      }
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          int at = i;
          alter(
              list.get(i),
              other -> {
                List<Object> altered = new ArrayList<>(list);
                altered.set(at, other);
                taker.take(altered);
              });
        }
      }
      case String text when text.isEmpty() -> taker.take("0");
      case String text -> {
        char last = (char) (text.charAt(text.length() - 1) ^ 1);
        taker.take(text.substring(0, text.length() - 1) + last);
      }
      case Long number -> taker.take(number ^ 1);
      case Boolean flag -> taker.take(!flag);
      case Object other -> throw new AssertionError("no value of a receipt: " + other);
    }
  }

  private static Path write(Object value) throws IOException {
    return Files.write(Files.createTempFile(folder, "receipt", ".json"), WRITER.bytes(value));
  }

  private static List<String> python(List<Path> files) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("python3", "-B", "-c", DRIVER, DOCS.toRealPath().toString()));
    files.forEach(file -> command.add(file.toString()));
    Path out = folder.resolve("out");
    Optional<Process> started = started(new ProcessBuilder(command).redirectOutput(out.toFile()));
    assumeTrue(started.isPresent(), "SKIPPED: there is no python3");
    Process process = started.get();
    String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(true, process.waitFor(50, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue(), errors);
    return Files.readAllLines(out).stream().filter(line -> line.startsWith("=")).toList();
  }

  private static Optional<Process> started(ProcessBuilder builder) {
    try {
      return Optional.of(builder.start());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  @Test
  void theVerifierKnowsWhoseItIs() throws Exception {
    String verifier = DOCS.resolve("verify.py").toRealPath().toString();
    String file = write(receipts.getFirst()).toString();
    String own = BoxKey.in(folder).fingerprint();
    for (String wanted : List.of(own, "0".repeat(64))) {
      var process = started(new ProcessBuilder("python3", "-B", verifier, file, wanted));
      assumeTrue(process.isPresent(), "SKIPPED: there is no python3");
      assertEquals(wanted.equals(own) ? 0 : 1, process.get().waitFor());
    }
  }
}
