package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.box.BoxKey;
import io.solebox.server.receipts.Receipt;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers with receipts, in every API that has them. */
@Timeout(60)
class ReceiptsApiTest {
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);
  private static final JsonWriter WRITER = new JsonWriter();
  private static final String MESSAGES =
      "\"messages\":[{\"role\":\"user\",\"content\":\"hello there\"}]";

  @TempDir private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
    server.model.madeOf(Files.writeString(folder.resolve("echo.gguf"), "weights"));
    server.ready("vectors", EchoModel.pooling("gemma-embedding", Pooling.MEAN));
    server.ready("nowhere", new EchoModel(true));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String body(String path, String more) {
    String what =
        switch (path) {
          case "/v1/completions", "/api/generate" -> "\"prompt\":\"hello there\"";
          case "/v1/responses" -> "\"input\":\"hello there\"";
          default -> MESSAGES;
        };
    String most = path.equals("/v1/messages") ? ",\"max_tokens\":50" : "";
    return "{\"model\":\"echo\"," + what + most + more + "}";
  }

  private static Receipt receipt(Object json) {
    return Receipt.read(WRITER.bytes(json), "the answer");
  }

  private static Map<String, Object> asked(String path, String more, String... headers)
      throws IOException {
    RawClient.Answer answer = server.post(path, body(path, more), headers);
    assertEquals(200, answer.status(), answer::text);
    return answer.json();
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/responses",
    "/v1/messages",
    "/api/chat",
    "/api/generate"
  })
  void everyApiHasThemWholeAndInStreams(String path) throws IOException {
    Receipt whole = receipt(asked(path, ",\"stream\":false,\"receipt\":true").get("receipt"));
    Receipt streamed = receipt(streamed(path));
    Receipt byHeader = receipt(asked(path, ",\"stream\":false", "Solebox-Receipt: true"));
    for (Receipt receipt : List.of(whole, streamed, byHeader)) {
      assertEquals(BoxKey.in(folder).fingerprint(), receipt.fingerprint());
      assertEquals(path, receipt.fields().text("path"));
      assertEquals("repeats", receipt.fields().text("claim"));
      var answer = receipt.fields().objects("answers").getFirst();
      assertEquals("stop", answer.text("stop_reason"));
      assertTrue(answer.object("answer").number("tokens") > 10);
    }
    assertTrue(byHeader.inAnswer());
    assertFalse(whole.inAnswer());
    assertNull(asked(path, ",\"stream\":false").get("receipt"));
  }

  /** The one of all events of a stream that has a receipt. */
  private static Object streamed(String path) throws IOException {
    RawClient.Answer answer = server.post(path, body(path, ",\"stream\":true,\"receipt\":true"));
    List<Object> found = new ArrayList<>();
    for (String line : answer.text().split("\n")) {
      String json = line.startsWith("data: ") ? line.substring(6) : line;
      if (json.startsWith("{") && json.contains("\"receipt\"")) {
        Map<String, Object> event = READER.readObject(json.getBytes(StandardCharsets.UTF_8));
        Map<?, ?> response =
            event.get("response") instanceof Map<?, ?> its ? its : (Map<?, ?>) event;
        found.add(response.get("receipt"));
      }
    }
    assertEquals(1, found.size(), answer::text);
    return found.getFirst();
  }

  @Test
  void aSeedThatNobodyGaveIsTold() throws IOException {
    String two = ",\"temperature\":1,\"n\":2,\"receipt\":true";
    Receipt receipt = receipt(asked("/v1/chat/completions", two));
    var answers = receipt.fields().objects("answers");
    assertEquals(2, answers.size());
    String seed = answers.getFirst().object("sampling").text("seed");
    assertNotEquals(seed, answers.getLast().object("sampling").text("seed"));
    assertEquals(
        Long.parseLong(answers.getLast().object("sampling").text("seed")),
        server.model.lastRequest().sampling().seed().orElseThrow());
    Receipt given = receipt(asked("/v1/chat/completions", ",\"seed\":7,\"receipt\":true"));
    assertEquals("7", given.fields().objects("answers").getFirst().object("sampling").text("seed"));
  }

  @Test
  void tokensBehindAStopStringAreNoPartOfIt() throws IOException {
    String more = ",\"stop\":\"lo\",\"receipt\":true";
    Receipt stopped = receipt(asked("/v1/completions", more));
    var answer = stopped.fields().objects("answers").getFirst();
    assertEquals(5, answer.object("answer").number("tokens"));
    assertEquals(1, answer.object("sampling").object("stops").number("count"));
    assertFalse(stopped.fields().all().toString().contains("hello"));
  }

  @Test
  void noOrderOfMembersMattersAndEveryChangeDoes() throws IOException {
    Map<String, Object> made =
        members(asked("/v1/completions", ",\"receipt\":true").get("receipt"));
    receipt(reversed(made));
    Map<String, Object> unsalted = new LinkedHashMap<>(made);
    unsalted.remove("salt");
    assertTrue(receipt(unsalted).salt().isEmpty());
    for (String name : made.keySet()) {
      Map<String, Object> cut = new LinkedHashMap<>(made);
      cut.remove(name);
      if (!name.equals("salt")) {
        assertThrows(SoleboxException.class, () -> receipt(cut), name);
      }
    }
    Map<String, Object> more = new LinkedHashMap<>(made);
    more.put("more", "said");
    assertThrows(SoleboxException.class, () -> receipt(more));
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    byte[] made = WRITER.bytes(asked("/v1/completions", ",\"receipt\":true").get("receipt"));
    Receipt.read(made, "it");
    for (int at = 0; at < made.length; at += 7) {
      byte[] flipped = made.clone();
      flipped[at] ^= (byte) (1 << at % 8); // bench/receipts flips all there are
      String text = new String(flipped, StandardCharsets.UTF_8);
      assertThrows(SoleboxException.class, () -> Receipt.read(flipped, "it"), text);
    }
  }

  @SuppressWarnings("unchecked") // JSON objects have String keys
  private static Map<String, Object> members(Object value) {
    return (Map<String, Object>) assertInstanceOf(Map.class, value);
  }

  private static Object reversed(Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> reversed = new LinkedHashMap<>();
      List.copyOf(map.keySet())
          .reversed()
          .forEach(k -> reversed.put((String) k, reversed(map.get(k))));
      return reversed;
    }
    return value instanceof List<?> list
        ? list.stream().map(ReceiptsApiTest::reversed).toList()
        : value;
  }

  @Test
  void whatCannotHaveOneIsRefused() throws IOException {
    String header = "Solebox-Receipt: true";
    RawClient.Answer vectors =
        server.post("/v1/embeddings", "{\"model\":\"vectors\",\"input\":\"x\"}", header);
    assertRefused(400, vectors);
    assertRefused(400, server.post("/completion", "{\"model\":\"echo\",\"prompt\":\"x\"}", header));
    String nowhere = body("/v1/completions", "").replace("\"echo\"", "\"nowhere\"");
    assertRefused(400, server.post("/v1/completions", nowhere, header));
    RawClient.Answer odd =
        server.post("/v1/completions", body("/v1/completions", ""), "Solebox-Receipt: yes");
    assertEquals(400, odd.status(), odd::text);
    try (TestServer forgets = new TestServer()) {
      forgets.model.madeOf(folder.resolve("echo.gguf"));
      assertRefused(400, forgets.post("/v1/completions", body("/v1/completions", ""), header));
    }
  }

  private static void assertRefused(int status, RawClient.Answer answer) {
    assertEquals(status, answer.status(), answer::text);
    assertTrue(answer.text().contains("receipt"), answer::text);
  }

  @Test
  void anotherFileThanWasLoadedIsToldFromIt() throws IOException {
    Path file = Files.writeString(folder.resolve("changing.gguf"), "weights");
    EchoModel model = new EchoModel(true);
    model.madeOf(file);
    server.ready("changing", model);
    Files.writeString(file, "other weights");
    String body = body("/v1/completions", ",\"receipt\":true").replace("\"echo\"", "\"changing\"");
    RawClient.Answer answer = server.post("/v1/completions", body);
    assertEquals(500, answer.status(), answer::text);
    assertEquals("model_file_changed", answer.at("error.code"));
  }
}
