package io.solebox.server.openai;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.http.Exchange;
import io.solebox.server.models.Models;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Texts and tokens, without an answer: {@code /tokenize} and {@code /detokenize} as llama-server
 * and vLLM have them, and what a chat would give the model.
 */
final class TokensApi {
  private static final String JSON = "application/json";

  private final JsonWriter json;
  private final Models models;
  private final FieldTable table;
  private final ChatRequests chats;

  TokensApi(JsonWriter json, Models models, FieldTable table, ChatRequests chats) {
    this.json = json;
    this.models = models;
    this.table = table;
    this.chats = chats;
  }

  /** The ids of a text, or of a conversation's prompt. */
  void tokenize(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      Map<String, Object> answer =
          exchange.readObject(
              chats.skips(),
              body -> body.containsKey("messages") ? ofChat(body, use) : ofText(body, use));
      exchange.send(200, JSON, json.bytes(answer));
    }
  }

  private Map<String, Object> ofText(Map<String, Object> json, Models.Use use)
      throws InterruptedException {
    Fields body = new Fields(table, OpenAiFields.TOKENIZE, "", json);
    String text = body.string("content").orElseThrow(() -> Params.missing("content"));
    boolean asVllm = body.param("content").equals("prompt"); // which adds them if nothing is said
    boolean add = body.flag("add_special", asVllm);
    boolean parse = body.flag("parse_special", true);
    boolean pieces = body.flag("with_pieces");
    boolean strings = body.flag("return_token_strs");
    Models.Named named = use.select(body.string("model"), body.string("adapter"));
    body.settle(false);
    int[] ids =
        named.model().tokenizer().encode(text, parse ? Specials.PARSE : Specials.AS_TEXT, add);
    return answer(named, ids, pieces, strings);
  }

  private Map<String, Object> ofChat(Map<String, Object> body, Models.Use use)
      throws InterruptedException {
    AnswerRequest request = chats.read(body, use).ask().first();
    return answer(request.named(), request.prompt().ids(), false, false);
  }

  /** With the members of both servers. */
  private static Map<String, Object> answer(
      Models.Named named, int[] ids, boolean pieces, boolean strings) {
    Tokenizer tokenizer = named.model().tokenizer();
    List<Object> tokens = new ArrayList<>();
    List<Object> texts = new ArrayList<>();
    for (int id : ids) {
      tokens.add(pieces ? piece(tokenizer, id) : Long.valueOf(id));
      texts.add(tokenizer.tokenText(id));
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("tokens", tokens);
    answer.put("count", ids.length);
    answer.put("max_model_len", named.model().contextTokens());
    answer.put("token_strs", strings ? texts : null);
    return answer;
  }

  /** An id with its text, or its bytes where they are a part of a character. */
  private static Map<String, Object> piece(Tokenizer tokenizer, int id) {
    byte[] bytes = tokenizer.tokenBytes(id);
    Map<String, Object> piece = new LinkedHashMap<>();
    piece.put("id", id);
    piece.put("piece", text(bytes).<Object>map(text -> text).orElseGet(() -> numbers(bytes)));
    return piece;
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static List<Object> numbers(byte[] bytes) {
    List<Object> numbers = new ArrayList<>();
    for (byte b : bytes) {
      numbers.add(Byte.toUnsignedInt(b));
    }
    return numbers;
  }

  /** The text of ids. */
  void detokenize(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      String text = exchange.readObject(JsonSkips.NONE, body -> text(body, use));
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("content", text); // llama-server's name
      answer.put("prompt", text); // vLLM's
      exchange.send(200, JSON, json.bytes(answer));
    }
  }

  private String text(Map<String, Object> json, Models.Use use) throws InterruptedException {
    Fields body = new Fields(table, OpenAiFields.DETOKENIZE, "", json);
    List<Object> tokens = body.array("tokens").orElseThrow(() -> Params.missing("tokens"));
    Models.Named named = use.select(body.string("model"), body.string("adapter"));
    body.settle(false);
    Tokenizer tokenizer = named.model().tokenizer();
    return tokenizer.decode(TokenIds.read(tokens, "tokens", tokenizer.vocabSize()), true);
  }

  /** How many tokens a chat's prompt has, before it is sent. */
  void count(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      AnswerRequest request =
          exchange.readObject(chats.skips(), body -> chats.read(body, use).ask().first());
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("object", "response.input_tokens");
      answer.put("input_tokens", request.prompt().ids().length);
      answer.put("solebox", Map.of("context_tokens", request.model().contextTokens()));
      exchange.send(200, JSON, json.bytes(answer));
    }
  }

  /** What the model is given of a chat, as text. */
  void applyTemplate(Exchange exchange) throws InterruptedException {
    try (Models.Use use = models.use(exchange)) {
      AnswerRequest request =
          exchange.readObject(chats.skips(), body -> chats.read(body, use).ask().first());
      String text = request.model().tokenizer().decode(request.prompt().ids(), true);
      exchange.send(200, JSON, json.bytes(Map.of("prompt", text)));
    }
  }
}
