package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.ollama.OllamaChatModel;
import org.springframework.ai.ollama.OllamaEmbeddingModel;
import org.springframework.ai.ollama.api.OllamaApi;
import org.springframework.ai.ollama.api.OllamaChatOptions;
import org.springframework.ai.ollama.api.OllamaEmbeddingOptions;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiEmbeddingModel;
import org.springframework.ai.openai.OpenAiEmbeddingOptions;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;

/** Spring AI, unmodified, with its models for OpenAI, Anthropic and Ollama. */
@Timeout(120)
class SpringAiTest {
  private static final String KEY = "any key will do on loopback";

  private static ScriptedServer server;

  @BeforeAll
  static void start() {
    server = new ScriptedServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String host() {
    return server.baseUrl().replaceFirst("/v1$", "");
  }

  private static OllamaApi ollama() {
    return OllamaApi.builder().baseUrl(host()).build();
  }

  /** The APIs that it speaks. */
  enum Api {
    CHATS {
      @Override
      ChatModel model(String name) {
        return OpenAiChatModel.builder()
            .options(
                OpenAiChatOptions.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey(KEY)
                    .model(name)
                    .maxRetries(0)
                    .build())
            .build();
      }
    },
    MESSAGES {
      @Override
      ChatModel model(String name) {
        return AnthropicChatModel.builder()
            .options(
                AnthropicChatOptions.builder()
                    .baseUrl(host())
                    .apiKey(KEY)
                    .model(name)
                    .maxTokens(2000)
                    .maxRetries(0)
                    .build())
            .build();
      }
    },
    OLLAMA {
      @Override
      ChatModel model(String name) {
        return OllamaChatModel.builder()
            .ollamaApi(ollama())
            .options(OllamaChatOptions.builder().model(name).build())
            .build();
      }
    };

    abstract ChatModel model(String name);

    ChatClient client(String name) {
      return ChatClient.create(model(name));
    }
  }

  /** What the model can call. */
  static final class Lamps {
    private final List<String> lit = new CopyOnWriteArrayList<>();

    @Tool(description = "Turns a lamp on")
    String lamp(@ToolParam(description = "where it is") String room) {
      lit.add(room);
      return "The " + room + " is lit.";
    }
  }

  private static String evening() {
    String both =
        Script.call("lamp", "{\"room\": \"hall\"}")
            + "\n"
            + Script.call("lamp", "{\"room\": \"loft\"}");
    return Script.of("I do." + both, "Both are lit.") + " Turn all lamps on.";
  }

  @ParameterizedTest
  @EnumSource
  void answersAndSaysWhatItTook(Api api) {
    var answer =
        api.client(ScriptedServer.MODEL)
            .prompt()
            .system("Be brief.")
            .user(Script.of("It is noon, in Rome."))
            .call()
            .chatResponse();
    assertEquals("It is noon, in Rome.", answer.getResult().getOutput().getText());
    var usage = answer.getMetadata().getUsage();
    assertTrue(usage.getPromptTokens() > 3 && usage.getCompletionTokens() > 3);
  }

  @ParameterizedTest
  @EnumSource
  void streams(Api api) {
    List<String> pieces =
        api.client(ScriptedServer.MODEL).prompt(Script.of("It is noon, in Rome.")).stream()
            .content()
            .collectList()
            .block();
    assertEquals("It is noon, in Rome.", String.join("", pieces));
    assertTrue(pieces.size() > 2, pieces::toString);
  }

  @ParameterizedTest
  @EnumSource
  void callsTools(Api api) {
    var lamps = new Lamps();
    ChatClient client = api.client(ScriptedServer.MODEL);
    assertEquals("Both are lit.", client.prompt(evening()).tools(lamps).call().content());
    assertEquals(List.of("hall", "loft"), lamps.lit);
    List<String> pieces =
        client.prompt(evening()).tools(lamps).stream().content().collectList().block();
    assertTrue(String.join("", pieces).endsWith("Both are lit."), pieces::toString);
    assertEquals(4, lamps.lit.size());
  }

  @ParameterizedTest
  @EnumSource
  void saysWhatIsWrong(Api api) {
    ChatClient client = api.client("none");
    var error = assertThrows(RuntimeException.class, () -> client.prompt("Hello").call().content());
    assertTrue(error.getMessage().contains("none"), error.getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"CHATS", "OLLAMA"})
  void makesVectors(Api api) {
    EmbeddingModel model =
        api == Api.OLLAMA
            ? OllamaEmbeddingModel.builder()
                .ollamaApi(ollama())
                .options(OllamaEmbeddingOptions.builder().model(ScriptedServer.VECTORS).build())
                .build()
            : OpenAiEmbeddingModel.builder()
                .options(
                    OpenAiEmbeddingOptions.builder()
                        .baseUrl(server.baseUrl())
                        .apiKey(KEY)
                        .model(ScriptedServer.VECTORS)
                        .build())
                .build();
    List<float[]> vectors = model.embed(List.of("one", "two"));
    assertEquals(2, vectors.size());
    double squares = 0;
    for (float x : vectors.getLast()) {
      squares += (double) x * x;
    }
    assertEquals(1, squares, 1e-5);
  }
}
