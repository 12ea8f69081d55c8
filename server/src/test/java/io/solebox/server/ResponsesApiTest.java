package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Priority;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code /v1/responses} and {@code /v1/conversations}. */
@Timeout(60)
class ResponsesApiTest {
  private static final String CALL =
      "<tool_call>{\\\"name\\\": \\\"look\\\", \\\"arguments\\\": {\\\"at\\\": 3}}</tool_call>";

  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"name\":\"look\",\"parameters\":{\"type\":\"object\"}},"
          + "{\"type\":\"custom\",\"name\":\"patch\",\"description\":\"d\"}]";

  @TempDir private Path folder;
  private TestServer server;

  @BeforeEach
  void start() {
    server = start(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
  }

  private static TestServer start(ServerConfig config) {
    TestServer server = new TestServer(config);
    server.ready("caller", EchoModel.calling());
    server.ready("thinker", EchoModel.thinking());
    return server;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RawClient.Answer create(String model, String input, String more) throws IOException {
    return server.post(
        "/v1/responses", "{\"model\":\"%s\",\"input\":%s%s}".formatted(model, input, more));
  }

  private RawClient.Answer say(String text, String more) throws IOException {
    return create("echo", "\"" + text + "\"", more);
  }

  private static String text(RawClient.Answer answer) {
    return (String) answer.at("output.0.content.0.text");
  }

  /** The events of a stream; each has its name and its place in the order. */
  private static List<Map<String, Object>> events(RawClient.Answer answer) {
    JsonReader reader = new JsonReader(JsonLimits.LOCAL);
    List<Map<String, Object>> events = new ArrayList<>();
    for (String block : answer.text().split("\n\n")) {
      String[] lines = block.split("\n");
      assertTrue(lines[0].startsWith("event: "), block);
      assertTrue(lines[1].startsWith("data: "), block);
      Map<String, Object> event =
          reader.readObject(lines[1].substring(6).getBytes(StandardCharsets.UTF_8));
      assertEquals(lines[0].substring(7), event.get("type"));
      assertEquals((long) events.size(), event.get("sequence_number"));
      events.add(event);
    }
    return events;
  }

  private static List<String> types(List<Map<String, Object>> events) {
    List<String> types = new ArrayList<>();
    for (Map<String, Object> event : events) {
      String type = ((String) event.get("type")).replace("response.", "");
      if (types.isEmpty() || !types.getLast().equals(type)) { // a run of deltas counts once
        types.add(type);
      }
    }
    return types;
  }

  @Test
  void anAnswer() throws IOException {
    RawClient.Answer answer = say("hello", "");
    assertEquals(200, answer.status());
    assertEquals("response", answer.at("object"));
    assertEquals("completed", answer.at("status"));
    assertEquals("hello", text(answer));
    assertEquals("output_text", answer.at("output.0.content.0.type"));
    assertEquals("message", answer.at("output.0.type"));
    assertEquals("assistant", answer.at("output.0.role"));
    assertEquals(5L, answer.at("usage.output_tokens"));
    assertEquals(4L, answer.at("usage.input_tokens_details.cached_tokens"));
    assertEquals(true, answer.at("store"));
    assertNull(answer.at("error"));
  }

  @Test
  void aCutAnswerSaysSo() throws IOException {
    RawClient.Answer answer = say("hello", ",\"max_output_tokens\":2");
    assertEquals("incomplete", answer.at("status"));
    assertEquals("max_output_tokens", answer.at("incomplete_details.reason"));
    assertEquals("he", text(answer));
  }

  @Test
  void aStreamTellsEachItemFromItsStartToItsEnd() throws IOException {
    List<Map<String, Object>> events = events(say("hello", ",\"stream\":true"));
    assertEquals(
        List.of(
            "created",
            "in_progress",
            "output_item.added",
            "content_part.added",
            "output_text.delta",
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "completed"),
        types(events));
    StringBuilder said = new StringBuilder();
    events.stream()
        .filter(e -> e.get("type").equals("response.output_text.delta"))
        .forEach(e -> said.append(e.get("delta")));
    assertEquals("hello", said.toString());
    assertEquals("hello", RawClient.at(events.getLast(), "response.output.0.content.0.text"));
    String id = (String) RawClient.at(events.getFirst(), "response.id");
    assertEquals(
        RawClient.at(events.getLast(), "response.output"),
        server.get("/v1/responses/" + id).at("output"));
  }

  @Test
  void reasoningIsAnItemOfItsOwn() throws IOException {
    String more = ",\"reasoning\":{\"effort\":\"high\"}";
    String input = "\"hm</think>hello\"";
    RawClient.Answer whole = create("thinker", input, more);
    assertEquals("reasoning", whole.at("output.0.type"));
    assertEquals("hm", whole.at("output.0.content.0.text"));
    assertEquals("hello", whole.at("output.1.content.0.text"));
    List<Map<String, Object>> events = events(create("thinker", input, more + ",\"stream\":true"));
    assertTrue(types(events).contains("reasoning_text.delta"), () -> types(events).toString());
    assertEquals("hello", RawClient.at(events.getLast(), "response.output.1.content.0.text"));
  }

  @Test
  void callsOfFunctions() throws IOException {
    RawClient.Answer whole = create("caller", "\"" + CALL + "\"", TOOLS);
    assertEquals("function_call", whole.at("output.0.type"));
    assertEquals("look", whole.at("output.0.name"));
    assertEquals("{\"at\": 3}", whole.at("output.0.arguments"));
    String callId = (String) whole.at("output.0.call_id");
    RawClient.Answer next =
        create(
            "caller",
            "[{\"type\":\"function_call_output\",\"call_id\":\"%s\",\"output\":\"four\"}]"
                .formatted(callId),
            TOOLS + ",\"previous_response_id\":\"" + whole.at("id") + "\"");
    assertEquals("four", text(next));
    List<Map<String, Object>> events =
        events(create("caller", "\"" + CALL + "\"", TOOLS + ",\"stream\":true"));
    assertEquals(
        List.of(
            "created",
            "in_progress",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
            "completed"),
        types(events));
  }

  @Test
  void callsOfToolsWhoseInputIsAText() throws IOException {
    String call =
        "<tool_call>{\\\"name\\\": \\\"patch\\\", \\\"arguments\\\": {\\\"input\\\": \\\"a"
            + " b\\\"}}</tool_call>";
    RawClient.Answer whole = create("caller", "\"" + call + "\"", TOOLS);
    assertEquals("custom_tool_call", whole.at("output.0.type"));
    assertEquals("a b", whole.at("output.0.input"));
  }

  @Test
  void aCallIsTextWhereNoToolIsOffered() throws IOException {
    RawClient.Answer answer =
        create("caller", "\"" + CALL + "\"", TOOLS + ",\"tool_choice\":\"none\"");
    assertEquals("message", answer.at("output.0.type"));
  }

  @Test
  void whatMustBeCalledIsCalledOrAnError() throws IOException {
    String must = ",\"tool_choice\":{\"type\":\"function\",\"name\":\"look\"}";
    // What the model says is only what follows the forced beginning.
    RawClient.Answer called = create("caller", "\" {\\\"at\\\": 3}}</tool_call>\"", TOOLS + must);
    assertEquals("function_call", called.at("output.0.type"), called::text);
    assertEquals("{\"at\": 3}", called.at("output.0.arguments"));
    RawClient.Answer text = create("caller", "\"no call\"", TOOLS + must);
    assertEquals("tool_call_invalid", text.at("error.code"), text::text);
    List<Map<String, Object>> events =
        events(create("caller", "\"no call\"", TOOLS + must + ",\"stream\":true"));
    assertEquals("response.failed", events.getLast().get("type"));
    String some =
        ",\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"name\":\"look\"}]}";
    assertEquals(
        "function_call", create("caller", "\"" + CALL + "\"", TOOLS + some).at("output.0.type"));
    assertEquals(
        "tool_choice.name",
        create("caller", "\"x\"", TOOLS + must.replace("look", "gone")).at("error.param"));
    assertEquals("tools", create("echo", "\"x\"", TOOLS).at("error.param"));
  }

  @Test
  void oneGoesOnWithAnother() throws IOException {
    Object first = say("one", "").at("id");
    RawClient.Answer second = say("two", ",\"previous_response_id\":\"" + first + "\"");
    RawClient.Answer alone = say("two", "");
    assertEquals("two", text(second));
    long more = (Long) second.at("usage.input_tokens");
    assertTrue(more > (Long) alone.at("usage.input_tokens"));
    RawClient.Answer items = server.get("/v1/responses/" + second.at("id") + "/input_items");
    assertEquals("two", items.at("data.0.content.0.text"));
  }

  @Test
  void conversations() throws IOException {
    RawClient.Answer made = server.post("/v1/conversations", "{\"metadata\":{\"topic\":\"tea\"}}");
    String id = (String) made.at("id");
    assertEquals("tea", server.get("/v1/conversations/" + id).at("metadata.topic"));
    say("one", ",\"conversation\":\"" + id + "\"");
    assertEquals("two", text(say("two", ",\"conversation\":{\"id\":\"" + id + "\"}")));
    RawClient.Answer items = server.get("/v1/conversations/" + id + "/items?order=asc&limit=3");
    assertEquals("one", items.at("data.0.content.0.text"));
    assertEquals("two", items.at("data.2.content.0.text"));
    assertEquals(true, items.at("has_more"));
    String last = (String) items.at("last_id");
    RawClient.Answer rest =
        server.get("/v1/conversations/" + id + "/items?order=asc&after=" + last);
    assertEquals("two", rest.at("data.0.content.0.text"));
    assertEquals(false, rest.at("has_more"));
    String item = "/v1/conversations/" + id + "/items/" + rest.at("data.0.id");
    assertEquals(200, server.get(item).status());
    assertEquals(200, server.call("DELETE", item, "").status());
    assertEquals(404, server.get(item).status());
    assertEquals(200, server.call("DELETE", "/v1/conversations/" + id, "").status());
    assertEquals(404, server.get("/v1/conversations/" + id + "/items").status());
  }

  @Test
  void anItemIsInAConversationOnce() throws IOException {
    String id = (String) server.post("/v1/conversations", "{}").at("id");
    String item = "[{\"id\":\"msg_mine\",\"role\":\"user\",\"content\":\"hi\"}]";
    String into = ",\"conversation\":\"" + id + "\"";
    assertEquals(200, create("echo", item, into).status());
    assertEquals("input[0].id", create("echo", item, into).at("error.param"));
    String items = "/v1/conversations/" + id + "/items";
    assertEquals("items[0].id", server.post(items, "{\"items\":" + item + "}").at("error.param"));
    assertEquals(
        "input[0].id", create("echo", item.replace("\"msg_mine\"", "7"), "").at("error.param"));
    assertEquals(2, ((List<?>) server.get(items).at("data")).size());
  }

  @Test
  void whatIsNotStoredIsNotFound() throws IOException {
    Object id = say("hello", ",\"store\":false").at("id");
    assertEquals(404, server.get("/v1/responses/" + id).status());
    assertEquals(404, say("on", ",\"previous_response_id\":\"" + id + "\"").status());
    Object kept = say("hello", "").at("id");
    assertEquals(true, server.call("DELETE", "/v1/responses/" + kept, "").at("deleted"));
    assertEquals(404, server.get("/v1/responses/" + kept).status());
  }

  @Test
  void withoutAStoreWhatNeedsOneIsRefused() throws IOException {
    server.close();
    server = start(ServerConfig.defaults());
    RawClient.Answer plain = say("hello", "");
    assertEquals(200, plain.status());
    assertEquals(false, plain.at("store"));
    assertEquals("store", say("hello", ",\"store\":true").at("error.param"));
    assertEquals("conversation", say("hello", ",\"conversation\":\"conv_1\"").at("error.param"));
    assertEquals(400, server.post("/v1/conversations", "{}").status());
    assertEquals(400, say("hello", ",\"background\":true").status());
  }

  private String await(String id) throws Exception {
    for (int i = 0; i < 200; i++) {
      String status = (String) server.get("/v1/responses/" + id).at("status");
      if (!status.equals("queued") && !status.equals("in_progress")) {
        return status;
      }
      Thread.sleep(20);
    }
    return "still running";
  }

  @Test
  void inTheBackground() throws Exception {
    String id = (String) say("hello", ",\"background\":true").at("id");
    assertEquals("completed", await(id));
    assertEquals("hello", text(server.get("/v1/responses/" + id)));
  }

  @Test
  void whatRunsInTheBackgroundCanBeCancelled() throws Exception {
    server.model.pace(0, 20);
    String id = (String) say("!forever", ",\"background\":true").at("id");
    RawClient.Answer cancelled = server.post("/v1/responses/" + id + "/cancel", "{}");
    assertEquals("cancelled", cancelled.at("status"));
    assertEquals("cancelled", server.get("/v1/responses/" + id).at("status"));
    assertEquals("cancelled", server.post("/v1/responses/" + id + "/cancel", "{}").at("status"));
  }

  /** Deletes a conversation when an answer in it has begun. */
  private void deleteWhileItRuns(String conversation) throws Exception {
    while (server.model.running() == 0) {
      Thread.sleep(5);
    }
    assertEquals(200, server.call("DELETE", "/v1/conversations/" + conversation, "").status());
  }

  private static String in(String conversation, String more) {
    return "{\"model\":\"echo\",\"input\":\"hello\",\"conversation\":\"%s\"%s}"
        .formatted(conversation, more);
  }

  @Test
  void aConversationThatIsDeletedEndsItsResponsesClearly() throws Exception {
    server.model.pace(1000, 1);
    for (String how : List.of("", ",\"stream\":true", ",\"background\":true")) {
      String conversation = (String) server.post("/v1/conversations", "{}").at("id");
      try (RawClient client = server.client()) {
        client.post("/v1/responses", in(conversation, how));
        deleteWhileItRuns(conversation);
        RawClient.Answer answer = client.receive();
        switch (how) {
          case "" -> {
            assertEquals(404, answer.status());
            assertEquals("conversation_deleted", answer.at("error.code"));
            assertEquals("conversation", answer.at("error.param"));
          }
          case ",\"stream\":true" -> {
            RawClient.Named last = answer.namedEvents().getLast();
            assertEquals("response.failed", last.name());
            assertEquals("conversation_deleted", RawClient.at(last.data(), "response.error.code"));
            String id = (String) RawClient.at(last.data(), "response.id");
            assertEquals("failed", server.get("/v1/responses/" + id).at("status"));
          }
          default -> {
            String id = (String) answer.at("id");
            assertEquals("failed", await(id));
            assertEquals(
                "conversation_deleted", server.get("/v1/responses/" + id).at("error.code"));
          }
        }
      }
    }
  }

  @Test
  void theEndOfTheServerIsNotForgotten() throws Exception {
    server.model.pace(0, 20);
    String id = (String) say("!forever", ",\"background\":true").at("id");
    Object kept = say("hello", "").at("id");
    server.close();
    start();
    assertEquals("failed", server.get("/v1/responses/" + id).at("status"));
    assertEquals("hello", text(server.get("/v1/responses/" + kept)));
  }

  /** Keys may move in their file; what is kept stays with its key. */
  @Test
  void whatIsKeptIsSeenByItsKeyAlone() throws Exception {
    String mine = "0123456789abcdef-mine";
    String other = "0123456789abcdef-other";
    String bearer = "Authorization: Bearer ";
    String hello = "{\"model\":\"echo\",\"input\":\"hello\"}";
    Path keys = Files.writeString(folder.resolve("keys"), mine + "\n" + other + "\n");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    ServerConfig config =
        ServerConfig.defaults()
            .withApiKeyFile(keys)
            .withStateFile(folder.resolve("keyed").resolve("server.db"));
    server.close();
    server = start(config);
    String response =
        "/v1/responses/" + server.post("/v1/responses", hello, bearer + mine).at("id");
    String conversation =
        "/v1/conversations/" + server.post("/v1/conversations", "{}", bearer + mine).at("id");
    Files.writeString(keys, other + "\n" + mine + "\n");
    server.close();
    server = start(config);
    for (String path : List.of(response, response + "/input_items", conversation)) {
      assertEquals(200, server.get(path, bearer + mine).status(), path);
      assertEquals(404, server.get(path, bearer + other).status(), path);
      assertEquals(401, server.get(path).status(), path);
    }
    assertEquals(404, server.call("DELETE", response, "", bearer + other).status());
    assertEquals(404, server.post(response + "/cancel", "{}", bearer + other).status());
  }

  @Test
  void nothingIsDroppedUnlessAsked() throws IOException {
    String long1 = "x".repeat(900);
    Object first = say(long1, "").at("id");
    String on = ",\"previous_response_id\":\"" + first + "\"";
    RawClient.Answer refused = say("y".repeat(300), on);
    assertEquals(400, refused.status());
    assertEquals("context_length_exceeded", refused.at("error.code"));
    RawClient.Answer dropped = say("y".repeat(300), on + ",\"truncation\":\"auto\"");
    assertEquals(200, dropped.status(), dropped::text);
    assertEquals("auto", dropped.at("truncation"));
    assertTrue((Long) dropped.at("solebox.dropped_items") >= 1);
  }

  @Test
  void tokensAreCountedBefore() throws IOException {
    RawClient.Answer count =
        server.post("/v1/responses/input_tokens", "{\"model\":\"echo\",\"input\":\"hello\"}");
    assertEquals(say("hello", "").at("usage.input_tokens"), count.at("input_tokens"));
  }

  @Test
  void mistakesNameTheirPlace() throws IOException {
    assertEquals("input", server.post("/v1/responses", "{}").at("error.param"));
    assertEquals("input[0].role", create("echo", "[{\"content\":\"x\"}]", "").at("error.param"));
    assertEquals(
        "input[0].type", create("echo", "[{\"type\":\"web_search_call\"}]", "").at("error.param"));
    assertEquals(
        "input[0].content[0].type",
        create("echo", "[{\"role\":\"user\",\"content\":[{\"type\":\"input_image\"}]}]", "")
            .at("error.param"));
    assertEquals(
        "tools[0].type", say("x", ",\"tools\":[{\"type\":\"web_search\"}]").at("error.param"));
    assertEquals("truncation", say("x", ",\"truncation\":\"some\"").at("error.param"));
    assertEquals("temprature", say("x", ",\"temprature\":1").at("error.param"));
    assertEquals(
        "text.format.type",
        say("x", ",\"text\":{\"format\":{\"type\":\"xml\"}}").at("error.param"));
    assertEquals("metadata.a", say("x", ",\"metadata\":{\"a\":1}").at("error.param"));
    assertEquals(404, server.get("/v1/responses/resp_none").status());
    assertEquals(404, server.post("/v1/responses/resp_none/cancel", "{}").status());
    assertEquals(
        "limit",
        server
            .get("/v1/responses/" + say("x", "").at("id") + "/input_items?limit=0")
            .at("error.param"));
  }

  @Test
  void whatBreaksOffFails() throws IOException {
    List<Map<String, Object>> events = events(say("!fail", ",\"stream\":true"));
    assertEquals("response.failed", events.getLast().get("type"));
    assertEquals("failed", RawClient.at(events.getLast(), "response.status"));
    String id = (String) RawClient.at(events.getLast(), "response.id");
    assertEquals("failed", server.get("/v1/responses/" + id).at("status"));
    assertFalse(say("!fail", "").status() == 200);
  }

  /** As for chats. */
  @Test
  void itSaysWhoseItIsAndHowUrgent() throws IOException {
    for (String more : List.of("", ",\"stream\":true", ",\"background\":true")) {
      String body = "{\"model\":\"echo\",\"input\":\"ab\"%s%s}";
      String flex = ",\"user\":\"ann\",\"service_tier\":\"flex\"";
      String answer = server.post("/v1/responses", body.formatted(flex, more)).text();
      assertTrue(answer.contains("\"service_tier\":\"flex\""), answer);
      assertEquals("ann", server.model.lastRequest().user());
      assertEquals(Priority.BACKGROUND, server.model.lastRequest().priority());
    }
    RawClient.Answer usual =
        create("echo", "\"ab\"", ",\"safety_identifier\":\"bob\",\"service_tier\":\"auto\"");
    assertEquals("default", usual.at("service_tier"));
    assertEquals("bob", server.model.lastRequest().user());
    assertEquals(Priority.INTERACTIVE, server.model.lastRequest().priority());
  }
}
