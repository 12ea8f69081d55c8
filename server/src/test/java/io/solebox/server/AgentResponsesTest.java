package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What agents ask {@code /v1/responses} for: items by their id, thoughts, tools of many kinds. */
@Timeout(60)
class AgentResponsesTest {
  private static final String LOOK =
      "{\"type\":\"function\",\"name\":\"look\",\"description\":\"Looks.\",\"parameters\":{\"type\":\"object\"}}";
  private static final String SPACE =
      "{\"type\":\"namespace\",\"name\":\"crm\",\"description\":\"Of customers.\",\"tools\":["
          + LOOK
          + ",{\"type\":\"custom\",\"name\":\"note\"}]}";
  private static final String WEB = "{\"type\":\"web_search\",\"external_web_access\":true}";
  private static final String THINK = ",\"reasoning\":{\"effort\":\"high\"}";
  private static final String SEALED = THINK + ",\"include\":[\"reasoning.encrypted_content\"]";

  @TempDir private Path folder;
  private final EchoModel caller = EchoModel.calling();
  private TestServer server;

  @BeforeEach
  void start() {
    server = start(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
  }

  private TestServer start(ServerConfig config) {
    TestServer server = new TestServer(config);
    server.ready("caller", caller);
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

  private RawClient.Answer call(String name, String arguments, String tools) throws IOException {
    String text =
        "<tool_call>{\\\"name\\\": \\\"%s\\\", \\\"arguments\\\": %s}</tool_call>"
            .formatted(name, arguments.replace("\"", "\\\""));
    return create("caller", "\"" + text + "\"", ",\"tools\":[" + tools + "]");
  }

  /** What the model was shown last. */
  private String prompt() {
    return caller.tokenizer().decode(caller.requests().getLast().prompt(), true);
  }

  private static String reference(Object id) {
    return "{\"type\":\"item_reference\",\"id\":\"" + id + "\"}";
  }

  @Test
  void itemsAreNamedByTheirIds() throws IOException {
    RawClient.Answer first = call("look", "{\"at\": 3}", LOOK);
    String input =
        "[%s,{\"type\":\"function_call_output\",\"call_id\":\"%s\",\"output\":\"four\"}]"
            .formatted(reference(first.at("output.0.id")), first.at("output.0.call_id"));
    RawClient.Answer second = create("caller", input, ",\"tools\":[" + LOOK + "]");
    assertEquals("four", second.at("output.0.content.0.text"), second::text);
    assertTrue(prompt().contains("<tool_call>{\"name\": \"look\""), this::prompt);
    RawClient.Answer items =
        server.get("/v1/responses/" + second.at("id") + "/input_items?order=asc");
    assertEquals("function_call", items.at("data.0.type"));
    // Items of a request have ids, too, and those of conversations.
    Object ofInput = items.at("data.1.id");
    assertEquals(200, create("caller", "[" + reference(ofInput) + "]", "").status());
    String text = "{\"items\":[{\"role\":\"user\",\"content\":\"kept\"}]}";
    Object conversation = server.post("/v1/conversations", text).at("id");
    Object kept = server.get("/v1/conversations/" + conversation + "/items").at("data.0.id");
    RawClient.Answer said = create("caller", "[{\"id\":\"" + kept + "\"}]", "");
    assertEquals("kept", said.at("output.0.content.0.text"), said::text);
    String into = "{\"items\":[" + reference(ofInput) + "]}";
    assertEquals(
        "four",
        server.post("/v1/conversations/" + conversation + "/items", into).at("data.0.output"));
  }

  @Test
  void onlyWhatIsKeptCanBeNamed() throws IOException {
    Object gone = create("caller", "\"hello\"", ",\"store\":false").at("output.0.id");
    RawClient.Answer unknown = create("caller", "[" + reference(gone) + "]", "");
    assertEquals(404, unknown.status());
    assertTrue(unknown.text().contains((String) gone), unknown::text);
    assertEquals(
        "input[0].id", create("caller", "[{\"type\":\"item_reference\"}]", "").at("error.param"));
    RawClient.Answer kept = create("caller", "\"hello\"", "");
    String named = "[" + reference(kept.at("output.0.id")) + "]";
    assertEquals(200, create("caller", named, "").status());
    server.call("DELETE", "/v1/responses/" + kept.at("id"), "");
    // The response that named it has it as its own.
    assertEquals(200, create("caller", named, "").status());
    server.close();
    server = start(ServerConfig.defaults());
    assertEquals("item_reference", create("caller", named, "").at("error.param"));
  }

  @Test
  void notTooManyCanBeNamed() throws IOException {
    keep(1001, "x");
    assertEquals("input", create("caller", named(1001), "").at("error.param"));
    RawClient.Answer twice =
        create("caller", "[" + reference("i0") + "," + reference("i0") + "]", "");
    assertEquals("input[1].id", twice.at("error.param"), twice::text);
  }

  /** A few bytes of a request bring no more into memory than they may. */
  @Test
  void notTooMuchCanBeNamed() throws IOException {
    keep(3, "x".repeat(3 << 20));
    RawClient.Answer answer = create("caller", named(3), "");
    assertEquals("input[2].id", answer.at("error.param"), answer::text);
  }

  /** Keeps messages with the ids {@code i0}, {@code i1} and so on. */
  private void keep(int count, String text) throws IOException {
    String items =
        IntStream.range(0, count)
            .mapToObj(
                i -> "{\"id\":\"i%d\",\"role\":\"user\",\"content\":\"%s\"}".formatted(i, text))
            .collect(Collectors.joining(","));
    assertEquals(200, server.post("/v1/conversations", "{\"items\":[" + items + "]}").status());
  }

  private static String named(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> reference("i" + i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Test
  void itemsOfOthersAreNotFound() throws IOException {
    Path keys = Files.writeString(folder.resolve("keys"), "0123456789abcdef-a\n0123456789abcdef-b");
    Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rw-------"));
    server.close();
    server =
        start(
            ServerConfig.defaults()
                .withApiKeyFile(keys)
                .withStateFile(folder.resolve("keyed").resolve("server.db")));
    String bearer = "Authorization: Bearer 0123456789abcdef-";
    String hello = "{\"model\":\"caller\",\"input\":\"hello\"}";
    Object item = server.post("/v1/responses", hello, bearer + "a").at("output.0.id");
    String named = "{\"model\":\"caller\",\"input\":[" + reference(item) + "]}";
    assertEquals(200, server.post("/v1/responses", named, bearer + "a").status());
    assertEquals(404, server.post("/v1/responses", named, bearer + "b").status());
  }

  @Test
  void thoughtsComeBackAsTheyWereSealed() throws IOException {
    String said = "\"hm, näh</think>hello\"";
    RawClient.Answer answer = create("thinker", said, SEALED + ",\"store\":false");
    String sealed = (String) answer.at("output.0.encrypted_content");
    assertFalse(sealed.isEmpty());
    assertNull(create("thinker", said, THINK).at("output.0.encrypted_content"));
    String item =
        "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[],\"encrypted_content\":\"%s\"}";
    String rest =
        "{\"role\":\"assistant\",\"content\":\"hello\"},{\"role\":\"user\",\"content\":\"on\"}";
    String open =
        "{\"type\":\"reasoning\",\"content\":[{\"type\":\"reasoning_text\",\"text\":\"hm, näh\"}]}";
    List<Long> tokens = new ArrayList<>();
    for (String first : List.of(item.formatted(sealed), open, item.formatted("of others"))) {
      RawClient.Answer next = create("thinker", "[" + first + "," + rest + "]", "");
      assertEquals(200, next.status(), next::text);
      tokens.add((Long) next.at("usage.input_tokens"));
    }
    assertEquals(tokens.get(1), tokens.get(0));
    assertTrue(tokens.get(2) < tokens.get(0), tokens::toString);
    RawClient.Answer damaged =
        create("thinker", "[" + item.formatted("solebox1.%%%") + "," + rest + "]", "");
    assertEquals("input[0].encrypted_content", damaged.at("error.param"));
  }

  @Test
  void thoughtsAreASummaryWhereOneIsAskedFor() throws IOException {
    String said = "\"hm</think>hello\"";
    String asked = ",\"reasoning\":{\"effort\":\"high\",\"summary\":\"auto\"}";
    RawClient.Answer whole = create("thinker", said, asked);
    assertEquals("hm", whole.at("output.0.summary.0.text"));
    assertEquals("hm", whole.at("output.0.content.0.text"));
    assertEquals(List.of(), create("thinker", said, THINK).at("output.0.summary"));
    String stream = create("thinker", said, asked + ",\"stream\":true").text();
    String summary = "event: response.reasoning_summary_";
    int last = -1;
    for (String event : List.of("part.added", "text.delta", "text.done", "part.done")) {
      int at = stream.indexOf(summary + event);
      assertTrue(at > last, event);
      last = at;
    }
    assertEquals(
        "reasoning.summary",
        create("thinker", said, asked.replace("auto", "short")).at("error.param"));
  }

  @Test
  void toolsInNamespaces() throws IOException {
    RawClient.Answer called = call("crm__look", "{\"at\": 3}", LOOK + "," + SPACE);
    assertEquals("function_call", called.at("output.0.type"), called::text);
    assertEquals("look", called.at("output.0.name"));
    assertEquals("crm", called.at("output.0.namespace"));
    assertTrue(prompt().contains("Of customers.\\n\\nLooks."), this::prompt);
    RawClient.Answer text = call("crm__note", "{\"input\": \"a b\"}", SPACE);
    assertEquals("custom_tool_call", text.at("output.0.type"), text::text);
    assertEquals("a b", text.at("output.0.input"));
    RawClient.Answer plain = call("look", "{}", LOOK + "," + SPACE);
    assertNull(plain.at("output.0.namespace"));
    // What was called goes back under the name that the model knows.
    String input =
        "[{\"type\":\"function_call\",\"namespace\":\"crm\",\"name\":\"look\",\"call_id\":\"c\",\"arguments\":\"{}\"},"
            + "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"four\"}]";
    create("caller", input, ",\"tools\":[" + SPACE + "]");
    assertTrue(prompt().contains("<tool_call>{\"name\": \"crm__look\""), this::prompt);
    String choice =
        ",\"tool_choice\":{\"type\":\"function\",\"namespace\":\"crm\",\"name\":\"look\"}";
    RawClient.Answer forced =
        create(
            "caller", "\" {}}</tool_call>\"", ",\"tools\":[" + LOOK + "," + SPACE + "]" + choice);
    assertEquals("crm", forced.at("output.0.namespace"), forced::text);
  }

  @Test
  void mistakesInNamespacesNameTheirPlace() throws IOException {
    String tools = ",\"tools\":[%s]";
    Map<String, String> mistakes =
        Map.of(
            "{\"type\":\"namespace\",\"tools\":[]}",
            "tools[0].name",
            "{\"type\":\"namespace\",\"name\":\"a\"}",
            "tools[0].tools",
            "{\"type\":\"namespace\",\"name\":\"a\",\"tools\":[{\"type\":\"web_search\"}]}",
            "tools[0].tools[0].name",
            "{\"type\":\"namespace\",\"name\":\"a\",\"tools\":[{\"type\":\"mcp\",\"name\":\"b\"}]}",
            "tools[0].tools[0].type",
            "{\"type\":\"namespace\",\"name\":\"a\",\"tools\":[" + LOOK + "," + LOOK + "]}",
            "tools[0].tools[1].name",
            LOOK.replace("}}", "},\"namespace\":\"x\"}"),
            "tools[0].namespace");
    for (var mistake : mistakes.entrySet()) {
      RawClient.Answer answer = create("caller", "\"x\"", tools.formatted(mistake.getKey()));
      assertEquals(mistake.getValue(), answer.at("error.param"), answer::text);
    }
  }

  @Test
  void whatAgentsSendUnaskedIsLeftOutAndSaid() throws IOException {
    RawClient.Answer answer = call("look", "{}", LOOK + "," + WEB);
    assertEquals("function_call", answer.at("output.0.type"), answer::text);
    assertEquals(List.of("web_search"), answer.at("solebox.left_out_tools"));
    assertEquals(1, ((List<?>) answer.at("tools")).size());
    String tools = ",\"tools\":[" + WEB + "," + LOOK + "]";
    assertEquals(
        "tools[0].type", create("caller", "\"x\"", tools + ",\"strict\":true").at("error.param"));
    assertEquals(
        "tool_choice.type",
        create("caller", "\"x\"", tools + ",\"tool_choice\":{\"type\":\"web_search\"}")
            .at("error.param"));
    assertEquals(
        "tools[0].type", create("caller", "\"x\"", ",\"tools\":[" + WEB + "]").at("error.param"));
  }
}
