package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaEmbeddingModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesStreamingChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.Result;
import dev.langchain4j.service.SystemMessage;
import dev.langchain4j.service.TokenStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** LangChain4j, unmodified, with its models for OpenAI, Anthropic and Ollama. */
@Timeout(120)
class LangChain4jTest {
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

  /** The APIs that it speaks. */
  enum Api {
    CHATS {
      @Override
      ChatModel model(String name) {
        return OpenAiChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(name)
            .maxRetries(0)
            .build();
      }

      @Override
      StreamingChatModel streaming() {
        return OpenAiStreamingChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(ScriptedServer.MODEL)
            .build();
      }
    },
    RESPONSES {
      @Override
      ChatModel model(String name) {
        return OpenAiResponsesChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(name)
            .build();
      }

      @Override
      StreamingChatModel streaming() {
        return OpenAiResponsesStreamingChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(ScriptedServer.MODEL)
            .build();
      }
    },
    MESSAGES {
      @Override
      ChatModel model(String name) {
        return AnthropicChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(name)
            .maxRetries(0)
            .build();
      }

      @Override
      StreamingChatModel streaming() {
        return AnthropicStreamingChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(ScriptedServer.MODEL)
            .build();
      }
    },
    OLLAMA {
      @Override
      ChatModel model(String name) {
        return OllamaChatModel.builder().baseUrl(host()).modelName(name).maxRetries(0).build();
      }

      @Override
      StreamingChatModel streaming() {
        return OllamaStreamingChatModel.builder()
            .baseUrl(host())
            .modelName(ScriptedServer.MODEL)
            .build();
      }
    };

    abstract ChatModel model(String name);

    abstract StreamingChatModel streaming();
  }

  /** As programs that use it write an assistant. */
  interface House {
    @SystemMessage("You keep a house.")
    Result<String> tell(String wish);

    @SystemMessage("You keep a house.")
    TokenStream stream(String wish);
  }

  /** What it can do. */
  static final class Lamps {
    private final List<String> lit = new CopyOnWriteArrayList<>();

    @Tool("Turns a lamp on")
    String lamp(@P("where it is") String room) {
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
        api.model(ScriptedServer.MODEL).chat(UserMessage.from(Script.of("It is noon, in Rome.")));
    assertEquals("It is noon, in Rome.", answer.aiMessage().text());
    assertEquals(FinishReason.STOP, answer.finishReason());
    var usage = answer.tokenUsage();
    assertTrue(usage.inputTokenCount() > 3 && usage.outputTokenCount() > 3);
    assertEquals(usage.inputTokenCount() + usage.outputTokenCount(), (int) usage.totalTokenCount());
  }

  @ParameterizedTest
  @EnumSource
  void anAssistantCallsItsTools(Api api) {
    var lamps = new Lamps();
    House house =
        AiServices.builder(House.class)
            .chatModel(api.model(ScriptedServer.MODEL))
            .tools(lamps)
            .build();
    Result<String> result = house.tell(evening());
    assertEquals("Both are lit.", result.content());
    assertEquals(List.of("hall", "loft"), lamps.lit);
    assertEquals(2, result.toolExecutions().size());
  }

  @ParameterizedTest
  @EnumSource
  void soDoesOneThatStreams(Api api) throws Exception {
    var lamps = new Lamps();
    House house =
        AiServices.builder(House.class).streamingChatModel(api.streaming()).tools(lamps).build();
    var pieces = new ArrayList<String>();
    var whole = new CompletableFuture<String>();
    house.stream(evening())
        .onPartialResponse(pieces::add)
        .onCompleteResponse(response -> whole.complete(response.aiMessage().text()))
        .onError(whole::completeExceptionally)
        .start();
    assertEquals("Both are lit.", whole.get(60, TimeUnit.SECONDS));
    assertEquals("I do.Both are lit.", String.join("", pieces));
    assertEquals(List.of("hall", "loft"), lamps.lit);
  }

  @ParameterizedTest
  @EnumSource
  void errorsAreItsOwn(Api api) {
    var error = assertThrows(ModelNotFoundException.class, () -> api.model("none").chat("Hello"));
    assertTrue(error.getMessage().contains("none"), error.getMessage());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void makesVectors(boolean ollama) {
    EmbeddingModel model =
        ollama
            ? OllamaEmbeddingModel.builder()
                .baseUrl(host())
                .modelName(ScriptedServer.VECTORS)
                .build()
            : OpenAiEmbeddingModel.builder()
                .baseUrl(server.baseUrl())
                .apiKey(KEY)
                .modelName(ScriptedServer.VECTORS)
                .build();
    var vectors = model.embedAll(List.of(TextSegment.from("one"), TextSegment.from("two")));
    assertEquals(2, vectors.content().size());
    double squares = 0;
    for (float x : vectors.content().getLast().vector()) {
      squares += (double) x * x;
    }
    assertEquals(1, squares, 1e-5);
  }
}
