package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.embeddings.EmbeddingCreateParams;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official Java client, unmodified, with tools and vectors. */
@Timeout(120)
class JavaToolsTest {
  private static ScriptedServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    server = new ScriptedServer();
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl(server.baseUrl())
            .apiKey("any key will do on loopback")
            .maxRetries(0)
            .timeout(Duration.ofSeconds(60))
            .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  private static ChatCompletionCreateParams.Builder question() {
    FunctionParameters parameters =
        FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty(
                "properties", JsonValue.from(Map.of("zone", Map.of("type", "string"))))
            .build();
    return ChatCompletionCreateParams.builder()
        .model(ScriptedServer.MODEL)
        .addUserMessage("What time is it?")
        .addFunctionTool(FunctionDefinition.builder().name("time").parameters(parameters).build());
  }

  private static void assertCalled(ChatCompletion completion) {
    var choice = completion.choices().getFirst();
    assertEquals("tool_calls", choice.finishReason().asString());
    var call = choice.message().toolCalls().orElseThrow().getFirst().asFunction();
    assertEquals("time", call.function().name());
    assertEquals("{\"zone\": \"UTC\"}", call.function().arguments());
  }

  @Test
  void callsAToolAndAnswersWithItsResult() {
    var params = question();
    var asked = client.chat().completions().create(params.build());
    assertCalled(asked);
    var message = asked.choices().getFirst().message();
    params.addMessage(message);
    params.addMessage(
        ChatCompletionToolMessageParam.builder()
            .toolCallId(message.toolCalls().orElseThrow().getFirst().asFunction().id())
            .content("12:00")
            .build());
    var answer = client.chat().completions().create(params.build());
    assertEquals("It is 12:00.", answer.choices().getFirst().message().content().orElse(""));
  }

  @Test
  void assemblesAStreamedCall() {
    var accumulator = ChatCompletionAccumulator.create();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(question().build())) {
      stream.stream().forEach(accumulator::accumulate);
    }
    assertCalled(accumulator.chatCompletion());
  }

  @Test
  void asksForACall() {
    var named =
        ChatCompletionNamedToolChoice.builder()
            .function(ChatCompletionNamedToolChoice.Function.builder().name("time").build())
            .build();
    assertCalled(client.chat().completions().create(question().toolChoice(named).build()));
  }

  @Test
  void makesVectors() {
    var params =
        EmbeddingCreateParams.builder()
            .model(ScriptedServer.VECTORS)
            .inputOfArrayOfStrings(List.of("one", "two"))
            .build();
    var vectors = client.embeddings().create(params);
    assertEquals(2, vectors.data().size());
    double squares = 0;
    for (Number x : vectors.data().getLast().embedding()) {
      squares += x.doubleValue() * x.doubleValue();
    }
    assertEquals(1, squares, 1e-5);
    assertTrue(vectors.usage().promptTokens() > 0);
  }
}
