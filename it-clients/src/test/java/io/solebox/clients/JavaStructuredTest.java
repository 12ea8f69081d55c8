package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFormatTextJsonSchemaConfig;
import com.openai.models.responses.ResponseTextConfig;
import dev.langchain4j.model.anthropic.AnthropicChatModel;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiResponsesChatModel;
import dev.langchain4j.service.AiServices;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.ai.anthropic.AnthropicChatOptions;
import org.springframework.ai.chat.client.AdvisorParams;
import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.ollama.api.OllamaApi;
import org.springframework.ai.ollama.api.OllamaChatOptions;
import org.springframework.ai.openai.OpenAiChatOptions;

/**
 * Answers that Java's clients, unmodified, ask for as objects of a class, of a model that has
 * learned none of it. What does not fit the class is an exception of the client.
 */
@Timeout(120)
class JavaStructuredTest {
  private static final String KEY = "any key will do on loopback";
  private static final String QUESTION = "Which lamp is it?";

  private static GuideServer server;

  /** Where it is. */
  enum Room {
    HALL,
    LOFT,
    CELLAR
  }

  /** How old it is. */
  enum Age {
    NEW,
    OLD
  }

  /** What is asked for; with room for few answers, so that each comes to an end. */
  record Lamp(
      @JsonProperty(required = true) Room room,
      @JsonProperty(required = true) boolean lit,
      @JsonProperty(required = true) Age age) {}

  private static final Map<String, Object> SCHEMA =
      Map.of(
          "type",
          "object",
          "properties",
          Map.of("room", Map.of("enum", List.of("HALL", "LOFT", "CELLAR"))),
          "required",
          List.of("room"),
          "additionalProperties",
          false);

  /** An assistant that answers with it. */
  interface Keeper {
    Lamp tell(String question);
  }

  @BeforeAll
  static void start() {
    server = new GuideServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String host() {
    return server.baseUrl().replaceFirst("/v1$", "");
  }

  @Test
  void theOfficialClient() {
    OpenAIClient client =
        OpenAIOkHttpClient.builder().baseUrl(server.baseUrl()).apiKey(KEY).maxRetries(0).build();
    try {
      var chat =
          ChatCompletionCreateParams.builder()
              .model(GuideServer.MODEL)
              .addUserMessage(QUESTION)
              .responseFormat(
                  ResponseFormatJsonSchema.builder()
                      .jsonSchema(
                          ResponseFormatJsonSchema.JsonSchema.builder()
                              .name("lamp")
                              .strict(true)
                              .schema(JsonValue.from(SCHEMA))
                              .build())
                      .build())
              .build();
      var choice = client.chat().completions().create(chat).choices().getFirst();
      assertTrue(isLamp(choice.message().content().orElseThrow()), choice::toString);
      var ask =
          ResponseCreateParams.builder()
              .model(GuideServer.MODEL)
              .input(QUESTION)
              .text(
                  ResponseTextConfig.builder()
                      .format(
                          ResponseFormatTextJsonSchemaConfig.builder()
                              .name("lamp")
                              .schema(JsonValue.from(SCHEMA))
                              .build())
                      .build())
              .build();
      var said =
          client.responses().create(ask).output().stream()
              .flatMap(item -> item.message().stream())
              .flatMap(message -> message.content().stream())
              .flatMap(content -> content.outputText().stream())
              .findFirst()
              .orElseThrow();
      assertTrue(isLamp(said.text()), said::text);
    } finally {
      client.close();
    }
  }

  private static boolean isLamp(String json) {
    return json.matches("\\{\\s*\"room\"\\s*:\\s*\"(HALL|LOFT|CELLAR)\"\\s*}");
  }

  static Stream<ChatModel> models() {
    Capability schemas = Capability.RESPONSE_FORMAT_JSON_SCHEMA;
    return Stream.of(
        OpenAiChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(GuideServer.MODEL)
            .supportedCapabilities(schemas)
            .strictJsonSchema(true)
            .maxRetries(0)
            .build(),
        OpenAiResponsesChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(GuideServer.MODEL)
            .strictJsonSchema(true)
            .build(),
        AnthropicChatModel.builder()
            .baseUrl(server.baseUrl())
            .apiKey(KEY)
            .modelName(GuideServer.MODEL)
            .supportedCapabilities(schemas)
            .maxRetries(0)
            .build(),
        OllamaChatModel.builder()
            .baseUrl(host())
            .modelName(GuideServer.MODEL)
            .supportedCapabilities(schemas)
            .maxRetries(0)
            .build());
  }

  @ParameterizedTest
  @MethodSource("models")
  void langChain4j(ChatModel model) {
    Lamp lamp = AiServices.create(Keeper.class, model).tell(QUESTION);
    assertNotNull(lamp.room());
    assertNotNull(lamp.age());
  }

  static Stream<org.springframework.ai.chat.model.ChatModel> springModels() {
    return Stream.of(
        org.springframework.ai.openai.OpenAiChatModel.builder()
            .options(
                OpenAiChatOptions.builder()
                    .baseUrl(server.baseUrl())
                    .apiKey(KEY)
                    .model(GuideServer.MODEL)
                    .maxRetries(0)
                    .build())
            .build(),
        org.springframework.ai.anthropic.AnthropicChatModel.builder()
            .options(
                AnthropicChatOptions.builder()
                    .baseUrl(host())
                    .apiKey(KEY)
                    .model(GuideServer.MODEL)
                    .maxTokens(200)
                    .maxRetries(0)
                    .build())
            .build(),
        org.springframework.ai.ollama.OllamaChatModel.builder()
            .ollamaApi(OllamaApi.builder().baseUrl(host()).build())
            .options(OllamaChatOptions.builder().model(GuideServer.MODEL).build())
            .build());
  }

  @ParameterizedTest
  @MethodSource("springModels")
  void springAi(org.springframework.ai.chat.model.ChatModel model) {
    Lamp lamp =
        ChatClient.create(model)
            .prompt()
            .advisors(AdvisorParams.ENABLE_NATIVE_STRUCTURED_OUTPUT)
            .user(QUESTION)
            .call()
            .entity(Lamp.class);
    assertNotNull(lamp.room());
    assertNotNull(lamp.age());
  }

  @Test
  void withoutAFormatTheModelSaysSomethingElse() {
    var free = ChatClient.create(springModels().findFirst().orElseThrow()).prompt().user(QUESTION);
    RuntimeException refused =
        assertThrows(RuntimeException.class, () -> free.call().entity(Lamp.class));
    assertTrue(refused.getMessage().toLowerCase(Locale.ROOT).contains("json"), refused::toString);
  }
}
