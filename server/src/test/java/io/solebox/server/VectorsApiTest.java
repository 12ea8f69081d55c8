package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Pooling;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors of texts, and scores. */
class VectorsApiTest {
  private final EchoModel model = EchoModel.pooling("bert", Pooling.MEAN);
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("vectors", model);
    server.ready("nested", EchoModel.pooling("gemma-embedding", Pooling.LAST));
    server.ready("judge", EchoModel.pooling("bert", Pooling.RANK));
    server.ready("tokens", EchoModel.pooling("bert", Pooling.NONE));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer embed(String name, String input, String more) throws IOException {
    return server.post(
        "/v1/embeddings", "{\"model\":\"%s\",\"input\":%s%s}".formatted(name, input, more));
  }

  private static double at(RawClient.Answer answer, String path) {
    return ((Number) answer.at(path)).doubleValue();
  }

  @Test
  void aVectorOfLengthOne() throws IOException {
    RawClient.Answer answer = embed("vectors", "\"ab\"", "");
    assertEquals(200, answer.status(), answer::text);
    assertEquals("list", answer.at("object"));
    assertEquals("embedding", answer.at("data.0.object"));
    assertEquals("vectors", answer.at("model"));
    assertEquals(2L, answer.at("usage.prompt_tokens"));
    assertEquals(2L, answer.at("usage.total_tokens"));
    // The mean of [1, 1, 1, 2] and [1, 0, 2, 3].
    double length = Math.sqrt(1 + 0.25 + 2.25 + 6.25);
    assertEquals(1 / length, at(answer, "data.0.embedding.0"), 1e-6);
    assertEquals(2.5 / length, at(answer, "data.0.embedding.3"), 1e-6);
    assertEquals(4, ((List<?>) answer.at("data.0.embedding")).size());
  }

  @Test
  void manyTextsAndTokens() throws IOException {
    RawClient.Answer answer = embed("vectors", "[\"ab\",\"c\",\"ab\"]", "");
    assertEquals(answer.at("data.0.embedding"), answer.at("data.2.embedding"));
    assertEquals(1L, answer.at("data.1.index"));
    assertEquals(5L, answer.at("usage.prompt_tokens"));
    assertEquals(
        answer.at("data.0.embedding"), embed("vectors", "[97,98]", "").at("data.0.embedding"));
    assertEquals(2, ((List<?>) embed("vectors", "[[97,98],[99]]", "").at("data")).size());
    String hundred = "[" + "\"x\",".repeat(99) + "\"y\"]";
    assertEquals(100, ((List<?>) embed("vectors", hundred, "").at("data")).size());
  }

  @Test
  void numbersAsBytes() throws IOException {
    RawClient.Answer floats = embed("vectors", "\"ab\"", ",\"encoding_format\":\"float\"");
    RawClient.Answer packed = embed("vectors", "\"ab\"", ",\"encoding_format\":\"base64\"");
    byte[] bytes = Base64.getDecoder().decode((String) packed.at("data.0.embedding"));
    ByteBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(16, bytes.length);
    for (int i = 0; i < 4; i++) {
      assertEquals(at(floats, "data.0.embedding." + i), numbers.getFloat(4 * i), 1e-7);
    }
  }

  @Test
  void fewerNumbersWhereTheModelIsMadeForThat() throws IOException {
    RawClient.Answer answer = embed("nested", "\"ab\"", ",\"dimensions\":2");
    assertEquals(2, ((List<?>) answer.at("data.0.embedding")).size(), answer::text);
    double x = at(answer, "data.0.embedding.0");
    double y = at(answer, "data.0.embedding.1");
    assertEquals(1, x * x + y * y, 1e-6);
    assertEquals(200, embed("vectors", "\"ab\"", ",\"dimensions\":4").status());
    RawClient.Answer other = embed("vectors", "\"ab\"", ",\"dimensions\":2");
    assertEquals("unsupported_parameter", other.at("error.code"));
    assertEquals("dimensions", other.at("error.param"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | | missing_required_parameter | input",
        "[] | | invalid_value | input",
        "\"\" | | invalid_value | input",
        "[\"a\",\"\"] | | invalid_value | input[1]",
        "[\"a\",5] | | invalid_type | input[1]",
        "[null] | | invalid_type | input[0]",
        "[[]] | | invalid_value | input[0]",
        "[257] | | invalid_value | input",
        "{} | | invalid_type | input",
        "\"a\" | ,\"encoding_format\":\"hex\" | invalid_value | encoding_format",
        "\"a\" | ,\"dimensions\":5 | invalid_value | dimensions",
        "\"a\" | ,\"dimensions\":0 | invalid_value | dimensions",
        "\"a\" | ,\"dimension\":1 | unknown_parameter | dimension"
      })
  void badInput(String input, String more, String code, String param) throws IOException {
    RawClient.Answer answer = embed("vectors", input, more == null ? "" : more);
    assertEquals(400, answer.status(), answer::text);
    assertEquals(code, answer.at("error.code"), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
  }

  @Test
  void tooLongATextIsRefusedWithBothCounts() throws IOException {
    RawClient.Answer answer = embed("vectors", "[\"a\",\"" + "x".repeat(2001) + "\"]", "");
    assertEquals("context_length_exceeded", answer.at("error.code"), answer::text);
    assertEquals("input[1]", answer.at("error.param"));
    assertTrue(answer.text().contains("2001") && answer.text().contains("2000"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"echo", "judge", "tokens"})
  void modelsForOtherThingsAreNamed(String name) throws IOException {
    RawClient.Answer answer = embed(name, "\"a\"", "");
    assertEquals(400, answer.status(), answer::text);
    assertEquals("unsupported_model", answer.at("error.code"));
    assertEquals("model", answer.at("error.param"));
  }

  @Test
  void modelsOfVectorsGiveNoAnswers() throws IOException {
    for (String path : List.of("/v1/chat/completions", "/v1/completions")) {
      RawClient.Answer answer =
          server.post(
              path,
              path.contains("chat")
                  ? "{\"model\":\"judge\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                  : "{\"model\":\"judge\",\"prompt\":\"x\"}");
      assertEquals("unsupported_model", answer.at("error.code"), answer::text);
      assertTrue(answer.text().contains("/v1/rerank"), answer::text);
    }
  }

  private RawClient.Answer rerank(String path, String members) throws IOException {
    return server.post(path, "{\"model\":\"judge\",\"query\":\"q\"," + members + "}");
  }

  @Test
  void theBestComesFirst() throws IOException {
    String documents = "\"documents\":[\"a\",\"xx\",{\"text\":\"x\"}]";
    RawClient.Answer answer = rerank("/v1/rerank", documents);
    assertEquals(200, answer.status(), answer::text);
    assertEquals(1L, answer.at("results.0.index"));
    assertEquals("xx", answer.at("results.0.document.text"));
    assertEquals(1 / (1 + Math.exp(-1)), at(answer, "results.0.relevance_score"), 1e-6);
    assertEquals(0.5, at(answer, "results.1.relevance_score"), 1e-6);
    assertEquals(0L, answer.at("results.2.index"));
    assertEquals(7L, answer.at("usage.prompt_tokens"));
    assertEquals("judge", answer.at("model"));
    RawClient.Answer one = rerank("/rerank", documents + ",\"top_n\":1,\"return_documents\":false");
    assertEquals(1, ((List<?>) one.at("results")).size());
    assertNull(one.at("results.0.document"));
    RawClient.Answer cohere = rerank("/v2/rerank", documents);
    assertNull(cohere.at("results.0.document"));
    assertEquals("2", cohere.at("meta.api_version.version"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"documents\":[] | documents",
        "\"documents\":[5] | documents[0]",
        "\"documents\":[{}] | documents[0]",
        "\"documents\":\"a\" | documents",
        "\"documents\":null | documents",
        "\"documents\":[\"a\"],\"top_n\":0 | top_n",
        "\"documents\":[\"a\"],\"query2\":0 | query2"
      })
  void badDocuments(String members, String param) throws IOException {
    RawClient.Answer answer = rerank("/v1/rerank", members);
    assertEquals(400, answer.status(), answer::text);
    assertEquals(param, answer.at("error.param"), answer::text);
  }

  @Test
  void rankingTakesAReranker() throws IOException {
    RawClient.Answer answer =
        server.post("/v1/rerank", "{\"model\":\"vectors\",\"query\":\"q\",\"documents\":[\"a\"]}");
    assertEquals("unsupported_model", answer.at("error.code"), answer::text);
    // Which of its labels would be how well a text suits?
    server.ready("moods", EchoModel.pooling("bert", Pooling.RANK, "angry", "calm"));
    RawClient.Answer moods =
        server.post("/v1/rerank", "{\"model\":\"moods\",\"query\":\"q\",\"documents\":[\"a\"]}");
    assertEquals("unsupported_model", moods.at("error.code"), moods::text);
    assertTrue(moods.text().contains("angry"), moods::text);
  }

  @Test
  void aClientThatLeavesEndsTheWork() throws Exception {
    model.pace(60_000, 0);
    long begin = System.nanoTime();
    try (RawClient client = server.client()) {
      client.post("/v1/embeddings", "{\"model\":\"vectors\",\"input\":[\"a\",\"b\"]}");
      Thread.sleep(100);
    }
    server.server.drain(Duration.ofSeconds(20));
    assertTrue(System.nanoTime() - begin < 10_000_000_000L);
  }
}
