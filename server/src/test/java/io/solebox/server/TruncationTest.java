package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.ContextShift;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left away for a context that is too small, where that is asked for, and nowhere else. */
class TruncationTest {
  private static final String AUTO = ",\"truncation\":\"auto\"";
  private static final String LONG = "x".repeat(700);

  private final EchoModel caller = EchoModel.calling();
  private TestServer server;

  @BeforeEach
  void start() {
    server = new TestServer();
    server.ready("caller", caller);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static String message(String role, String text) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, text);
  }

  /** Turns that are too long together, by some. */
  private static String turns() {
    return String.join(
        ",",
        message("system", "be good"),
        message("user", "a" + LONG),
        message("assistant", "b" + LONG),
        message("user", "c" + LONG),
        message("assistant", "d"),
        message("user", "last"));
  }

  private static String body(String model, String messages, String more) {
    return "{\"model\":\"%s\",\"messages\":[%s]%s}".formatted(model, messages, more);
  }

  private RawClient.Answer chat(String messages, String more) throws IOException {
    return server.post("/v1/chat/completions", body("echo", messages, more));
  }

  private static String prompt(EchoModel model) {
    return model.tokenizer().decode(model.lastRequest().prompt(), true);
  }

  @Test
  void theOldestTurnsGoWhereThatIsAskedFor() throws IOException {
    RawClient.Answer refused = chat(turns(), "");
    assertEquals("context_length_exceeded", refused.at("error.code"), refused::text);
    assertEquals(400, chat(turns(), ",\"truncation\":\"disabled\"").status());
    RawClient.Answer answer = chat(turns(), AUTO);
    assertEquals("last", answer.at("choices.0.message.content"), answer::text);
    assertEquals(2L, answer.at("solebox.dropped_messages"));
    assertEquals("2", answer.header("x-solebox-dropped"));
    assertEquals(
        "system\nbe good\nuser\nc" + LONG + "\nassistant\nd\nuser\nlast\n", prompt(server.model));
    RawClient.Answer fits = chat(message("user", "hi"), AUTO);
    assertNull(fits.at("solebox.dropped_messages"));
    assertNull(fits.header("x-solebox-dropped"));
    assertEquals("truncation", chat(turns(), ",\"truncation\":\"some\"").at("error.param"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void streamsSayItAtTheirEnd(boolean usage) throws IOException {
    String stream = ",\"stream\":true,\"stream_options\":{\"include_usage\":%s}".formatted(usage);
    RawClient.Answer answer = chat(turns(), AUTO + stream);
    assertEquals("2", answer.header("x-solebox-dropped"));
    List<Map<String, Object>> chunks = Chunks.of(answer);
    assertEquals(2L, RawClient.at(chunks.getLast(), "solebox.dropped_messages"));
    Map<String, Object> last = chunks.get(chunks.size() - (usage ? 2 : 1));
    assertEquals("stop", RawClient.at(last, "choices.0.finish_reason"));
    assertEquals(2L, RawClient.at(last, "solebox.dropped_messages"));
    assertNull(chunks.get(1).get("solebox"));
  }

  /** Once something goes, the answer gets the room that it is to have, if turns give it. */
  @ParameterizedTest
  @CsvSource({"100, 2", "490, 2", "5000, 2"})
  void theAnswerGetsRoom(int maxTokens, long dropped) throws IOException {
    RawClient.Answer answer = chat(turns(), AUTO + ",\"max_tokens\":" + maxTokens);
    assertEquals(dropped, answer.at("solebox.dropped_messages"), answer::text);
    String tight =
        String.join(
            ",",
            message("user", "a" + LONG),
            message("assistant", "b"),
            message("user", "c" + LONG),
            message("assistant", "d" + "x".repeat(1100)),
            message("user", "last"));
    RawClient.Answer more = chat(tight, AUTO + ",\"max_tokens\":" + maxTokens);
    assertEquals(maxTokens == 100 ? 2L : 4L, more.at("solebox.dropped_messages"), more::text);
  }

  @Test
  void whatMustStayAndIsTooLongIsRefusedWithBothCounts() throws IOException {
    String messages = message("user", "a") + "," + message("user", "x".repeat(3000));
    RawClient.Answer answer = server.post("/v1/chat/completions", body("caller", messages, AUTO));
    assertEquals(400, answer.status());
    assertEquals("context_length_exceeded", answer.at("error.code"));
    assertEquals("messages", answer.at("error.param"));
    String words = (String) answer.at("error.message");
    assertTrue(words.contains("3006") && words.contains("2000"), words);
  }

  private static String call(String id, int size) {
    String call =
        "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";
    String result = "{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"%s%s\"}";
    return call.formatted(id) + "," + result.formatted(id, id, "r".repeat(size));
  }

  /** The task, a call and its result stay together, however long the way is. */
  @Test
  void anAgentKeepsItsTaskAndCallsTheirResults() throws IOException {
    String messages =
        String.join(
            ",",
            message("system", "s"),
            message("user", "old"),
            message("assistant", "done"),
            message("user", "task"),
            call("c1", 900),
            call("c2", 900),
            call("c3", 900));
    RawClient.Answer answer = server.post("/v1/chat/completions", body("caller", messages, AUTO));
    assertEquals(4L, answer.at("solebox.dropped_messages"), answer::text);
    String called = "<tool_call>{\"name\": \"f\", \"arguments\": {}}</tool_call>\n";
    String expected =
        "system\ns\nuser\ntask\n%stool\nc2%s\n%stool\nc3%s\n"
            .formatted(called, "r".repeat(900), called, "r".repeat(900));
    assertEquals(expected, prompt(caller));
  }

  @Test
  void ollamaHasItsOwnWordForIt() throws IOException {
    RawClient.Answer refused = server.post("/api/chat", body("echo", turns(), ",\"stream\":false"));
    assertEquals(400, refused.status());
    RawClient.Answer answer =
        server.post("/api/chat", body("echo", turns(), ",\"stream\":false,\"truncate\":true"));
    assertEquals("last", answer.at("message.content"), answer::text);
    assertEquals(2L, answer.at("solebox.dropped_messages"));
    List<Map<String, Object>> lines =
        server.post("/api/chat", body("echo", turns(), ",\"truncate\":true")).lines();
    assertEquals(2L, RawClient.at(lines.getLast(), "solebox.dropped_messages"));
    RawClient.Answer small =
        server.post(
            "/api/chat", body("echo", turns(), ",\"truncate\":true,\"options\":{\"num_ctx\":500}"));
    assertEquals(200, small.status(), small::text);
    assertEquals("4", small.header("x-solebox-dropped"));
    RawClient.Answer one =
        server.post(
            "/api/generate",
            "{\"model\":\"echo\",\"prompt\":\"%s\",\"truncate\":true}".formatted("x".repeat(2500)));
    assertEquals(400, one.status());
    assertTrue(one.text().contains("2506"), one::text);
  }

  /** Of the test's model that says {@code la} for ever. */
  private Optional<ContextShift> shift() {
    return server.model.lastRequest().shift();
  }

  @Test
  void anAnswerGoesOnPastTheContextWhereThatIsAskedFor() throws IOException {
    RawClient.Answer ends = server.postChat("!forever", "");
    assertEquals("length", ends.at("choices.0.finish_reason"));
    assertEquals(1986L, ends.at("usage.completion_tokens"));
    assertEquals(Optional.empty(), shift());
    String on = ",\"context_shift\":true,\"max_tokens\":3000";
    RawClient.Answer goesOn = server.postChat("!forever", on + ",\"n_keep\":5");
    assertEquals(3000L, goesOn.at("usage.completion_tokens"), goesOn::text);
    assertEquals(Optional.of(new ContextShift(2000, 5, 997)), shift());
    assertEquals(1994L, goesOn.at("solebox.dropped_tokens"));
    RawClient.Answer all = server.postChat("!forever", on + ",\"n_keep\":-1,\"n_discard\":100");
    assertEquals(Optional.of(new ContextShift(2000, 14, 100)), shift());
    assertEquals(1100L, all.at("solebox.dropped_tokens"));
    List<Map<String, Object>> chunks =
        Chunks.of(server.postChat("!forever", on + ",\"stream\":true"));
    assertEquals(2000L, RawClient.at(chunks.getLast(), "solebox.dropped_tokens"));
  }

  @Test
  void whereNothingEndsItTenContextsDo() throws IOException {
    RawClient.Answer text =
        server.post(
            "/api/generate",
            "{\"model\":\"echo\",\"prompt\":\"!forever\",\"shift\":true,\"stream\":false,"
                + "\"options\":{\"num_ctx\":50}}");
    assertEquals(500L, text.at("eval_count"), text::text);
    assertEquals("length", text.at("done_reason"));
  }

  @Test
  void whatBoundsTheWindowIsNamed() throws IOException {
    String text = "{\"model\":\"echo\",\"prompt\":\"%s\",\"truncate\":true,\"stream\":false%s}";
    String ctx = ",\"options\":{\"num_ctx\":20}";
    String small = server.post("/api/generate", text.formatted("x".repeat(30), ctx)).text();
    assertTrue(small.contains("tokens, and 'num_ctx' is 20."), small);
    String context = ",\"context\":[" + "97,".repeat(14) + "97]";
    String behind =
        server.post("/api/generate", text.formatted("x".repeat(30), ctx + context)).text();
    assertTrue(behind.contains("behind the 15 ids of 'context' there is room for 5."), behind);
    String none =
        server
            .post("/api/generate", text.formatted("x", ctx + context.replace("97", "97,97,97")))
            .text();
    assertTrue(none.contains("behind the 45 ids of 'context' there is room for 0."), none);
    String whole = server.post("/api/generate", text.formatted("x".repeat(3000), "")).text();
    assertTrue(whole.contains("the context of the model has 2000."), whole);
  }

  @Test
  void otherServersHaveOtherWordsForIt() throws IOException {
    String options =
        ",\"shift\":true,\"stream\":false,\"options\":{\"num_predict\":600,\"num_ctx\":500%s}";
    RawClient.Answer ollama =
        server.post(
            "/api/generate",
            "{\"model\":\"echo\",\"prompt\":\"!forever\"%s}".formatted(options.formatted("")));
    assertEquals(600L, ollama.at("eval_count"), ollama::text);
    assertEquals(Optional.of(new ContextShift(500, 4, 248)), shift());
    assertEquals(248L, ollama.at("solebox.dropped_tokens"));
    server.post(
        "/api/chat",
        body("echo", message("user", "!forever"), options.formatted(",\"num_keep\":-1")));
    assertEquals(Optional.of(new ContextShift(500, 14, 243)), shift());
    RawClient.Answer llama =
        server.post(
            "/completion",
            "{\"model\":\"echo\",\"prompt\":\"!forever\",\"n_predict\":2500,\"context_shift\":true,\"n_keep\":2}");
    assertEquals(true, llama.at("truncated"), llama::text);
    assertEquals(999L, llama.at("solebox.dropped_tokens"));
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    String all = ",\"context_shift\":true,\"n_keep\":-1";
    RawClient.Answer full = server.postCompletion("x".repeat(1999), all);
    assertEquals("n_keep", full.at("error.param"), full::text);
    RawClient.Answer tooLong = server.postCompletion("x".repeat(2100), all);
    assertEquals("context_length_exceeded", tooLong.at("error.code"), tooLong::text);
    assertEquals(
        "n_keep",
        server.postCompletion("x", ",\"context_shift\":true,\"n_keep\":-2").at("error.param"));
    assertEquals(
        "num_keep",
        server
            .postCompletion("x".repeat(1999), all.replace("n_keep", "num_keep"))
            .at("error.param"));
    RawClient.Answer one = server.postCompletion("x".repeat(1998), all);
    assertEquals(200, one.status(), one::text);
    assertFalse(shift().orElseThrow().discard() > 1);
  }
}
