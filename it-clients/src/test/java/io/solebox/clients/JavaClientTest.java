package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionCreateParams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official Java client, unmodified, against a running server. */
@Timeout(120)
class JavaClientTest {
  private static GuideServer server;
  private static OpenAIClient client;

  @BeforeAll
  static void start() {
    server = new GuideServer();
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

  private static ChatCompletionCreateParams.Builder question(String text) {
    return ChatCompletionCreateParams.builder()
        .model(GuideServer.MODEL)
        .addUserMessage(text)
        .temperature(0.0);
  }

  private static String textOf(ChatCompletion completion) {
    return completion.choices().getFirst().message().content().orElse("");
  }

  @Test
  void listsTheModel() {
    var ids = client.models().list().data().stream().map(m -> m.id()).toList();
    assertEquals(List.of(GuideServer.MODEL), ids);
  }

  @Test
  void answersAQuestionWithUsage() {
    var completion = client.chat().completions().create(question("What is Solebox?").build());
    assertTrue(textOf(completion).contains("Solebox"), textOf(completion));
    assertEquals("stop", completion.choices().getFirst().finishReason().asString());
    var usage = completion.usage().orElseThrow();
    assertTrue(usage.promptTokens() > 3 && usage.completionTokens() > 3);
    assertEquals(usage.promptTokens() + usage.completionTokens(), usage.totalTokens());
  }

  @Test
  void streamsTheSameTextInPieces() {
    var params = question("What is Solebox?");
    String whole = textOf(client.chat().completions().create(params.build()));
    params.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    var chunks = new ArrayList<ChatCompletionChunk>();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params.build())) {
      stream.stream().forEach(chunks::add);
    }
    String streamed =
        chunks.stream()
            .flatMap(c -> c.choices().stream())
            .map(c -> c.delta().content().orElse(""))
            .collect(Collectors.joining());
    assertEquals(whole, streamed);
    assertTrue(chunks.size() > 5, "chunks: " + chunks.size());
    assertTrue(chunks.getLast().usage().isPresent());
  }

  @Test
  void reportsLogprobs() {
    var params = question("Hello").logprobs(true).topLogprobs(3).maxCompletionTokens(4).build();
    var logprobs =
        client.chat().completions().create(params).choices().getFirst().logprobs().orElseThrow();
    var tokens = logprobs.content().orElseThrow();
    assertFalse(tokens.isEmpty());
    for (var token : tokens) {
      assertEquals(3, token.topLogprobs().size());
      assertEquals(token.topLogprobs().getFirst().logprob(), token.logprob(), 1e-6);
      assertTrue(token.logprob() <= 0);
    }
  }

  @Test
  void answersSeveralTimes() {
    var completion = client.chat().completions().create(question("Hello").n(3).build());
    assertEquals(3, completion.choices().size());
    assertEquals(2, completion.choices().getLast().index());
    assertEquals(textOf(completion), completion.choices().get(1).message().content().orElse(""));
  }

  @Test
  void endsWithLengthWhenTheTokensRunOut() {
    var params = question("What is Solebox?").maxCompletionTokens(3).build();
    var completion = client.chat().completions().create(params);
    assertEquals("length", completion.choices().getFirst().finishReason().asString());
    assertEquals(3, completion.usage().orElseThrow().completionTokens());
  }

  @Test
  void completesPlainText() {
    var params =
        CompletionCreateParams.builder()
            .model(GuideServer.MODEL)
            .prompt("Solebox is")
            .maxTokens(8)
            .temperature(0.0)
            .build();
    assertFalse(client.completions().create(params).choices().getFirst().text().isEmpty());
  }

  @Test
  void errorsAreTheClientsOwnTypes() {
    var unknown = question("Hello").model("no-such-model").build();
    var notFound =
        assertThrows(NotFoundException.class, () -> client.chat().completions().create(unknown));
    assertEquals("model_not_found", notFound.code().orElse(""));
    var long_ = question("word ".repeat(20_000)).build();
    var tooLong =
        assertThrows(BadRequestException.class, () -> client.chat().completions().create(long_));
    assertEquals("context_length_exceeded", tooLong.code().orElse(""));
    var later = question("Hello").putAdditionalBodyProperty("grammar", JsonValue.from("x")).build();
    var unsupported =
        assertThrows(BadRequestException.class, () -> client.chat().completions().create(later));
    assertEquals("grammar", unsupported.param().orElse(""));
  }

  @Test
  void aStreamThatIsLeftEarlyFreesItsBlocks() throws InterruptedException {
    var params = question("What is Solebox?").putAdditionalBodyProperty("logit_bias", eosBan());
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(params.build())) {
      assertTrue(stream.stream().findFirst().isPresent());
    }
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (server.model().stats().usedBlocks() > 0 && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertEquals(0, server.model().stats().usedBlocks());
  }

  /** Keeps the answer going until the context is full. */
  private static JsonValue eosBan() {
    return JsonValue.from(
        server.model().tokenizer().endOfGeneration().stream()
            .collect(Collectors.toMap(String::valueOf, _ -> -100)));
  }
}
