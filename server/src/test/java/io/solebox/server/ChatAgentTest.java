package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.Priority;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that a model does in a chat while nobody looks. */
@Timeout(60)
class ChatAgentTest {
  private static final EchoModel MODEL = EchoModel.calling();

  @TempDir private static Path folder;
  private static TestServer server;
  private static ChatClient client;

  @BeforeAll
  static void start() throws IOException {
    server = new TestServer(ServerConfig.defaults().withStateFile(folder.resolve("server.db")));
    server.ready("caller", MODEL);
    client = new ChatClient(server);
    prepare(server, client);
  }

  private static void prepare(TestServer of, ChatClient page) throws IOException {
    page.post("/preferences", "titles", false);
    of.call("PUT", "/admin/tools/calculator", "{\"allowed\":true}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static RawClient.Answer begin(ChatClient page, String chat, long budget, String... tasks)
      throws IOException {
    RawClient.Answer begun =
        page.post(
            chat + "/agent",
            "tasks",
            List.of(tasks),
            "budget_tokens",
            budget,
            "model",
            "caller",
            "tools",
            List.of("calculator"));
    assertEquals(200, begun.status(), begun::text);
    return begun;
  }

  /** Waits until it does not run. */
  private static RawClient.Answer halted(ChatClient page, String chat, String state)
      throws IOException, InterruptedException {
    RawClient.Answer agent = page.get(chat + "/agent");
    while (agent.at("agent.state").equals("running")) {
      Thread.sleep(5);
      agent = page.get(chat + "/agent");
    }
    assertEquals(state, agent.at("agent.state"), agent::text);
    return agent;
  }

  private static List<Object> texts(ChatClient page, String chat) throws IOException {
    return page.messages(chat).stream().map(message -> message.get("text")).toList();
  }

  @Test
  void tasksAreDoneOneAfterAnotherBehindEverybodyElse() throws Exception {
    String chat = client.chat();
    begin(client, chat, 100_000, "one", "two", "three");
    RawClient.Answer done = halted(client, chat, "done");
    assertEquals(List.of("one", "one", "two", "two", "three", "three"), texts(client, chat));
    assertEquals(true, done.at("agent.tasks.2.done"));
    assertTrue((Long) done.at("agent.used_tokens") > 10, done::text);
    assertEquals(Priority.BACKGROUND, MODEL.lastRequest().priority());
    List<Map<String, Object>> messages = client.messages(chat);
    assertEquals(messages.get(3).get("id"), messages.get(4).get("parent"));
  }

  /** No task goes on before somebody has said whether its call may be done. */
  @Test
  void aCallWaitsForAPersonAndTheTasksGoOnBehindIt() throws Exception {
    String chat = client.chat();
    begin(client, chat, 100_000, ChatToolsTest.call("6 * 7"), "the end");
    RawClient.Answer waiting = halted(client, chat, "waiting");
    Object message = waiting.at("agent.tasks.0.answer");
    assertEquals(2, client.messages(chat).size());
    client.post(chat + "/messages/" + message + "/calls/call_1_1", "decision", "always");
    while (!client.get(chat + "/agent").at("agent.state").equals("done")) {
      Thread.sleep(5);
    }
    assertEquals("42", texts(client, chat).get(1));
    assertEquals("the end", texts(client, chat).get(3));
    String other = client.chat();
    begin(client, other, 100_000, ChatToolsTest.call("2 + 3"));
    halted(client, other, "done");
    assertEquals("5", texts(client, other).get(1));
    for (Object each : (List<?>) client.get("/tools/approvals").at("approvals")) {
      client.delete("/tools/approvals/" + ((Map<?, ?>) each).get("id"));
    }
  }

  @Test
  void theBudgetEndsThemAndALargerOneLetsThemGoOn() throws Exception {
    String chat = client.chat();
    String text = "0123456789".repeat(30);
    long prompt = prompt(text);
    begin(client, chat, prompt + 100, text, "more");
    RawClient.Answer over = halted(client, chat, "budget");
    String said = (String) texts(client, chat).get(1);
    assertTrue(text.startsWith(said) && said.length() <= prompt + 100, said);
    assertTrue((Long) over.at("agent.used_tokens") >= prompt + 100, over::text);
    assertEquals(
        409, client.post(chat + "/agent", "tasks", List.of("x"), "budget_tokens", 9).status());
    client.post(chat + "/agent/resume", "budget_tokens", 1_000_000L);
    halted(client, chat, "done");
    assertEquals("more", texts(client, chat).getLast());
  }

  /** Tokens that are computed of a prompt, as the echo counts them. */
  private static long prompt(String text) {
    return text.length();
  }

  @Test
  void theyArePausedGoOnAndAreStopped() throws Exception {
    MODEL.pace(0, 20);
    String chat = client.chat();
    begin(client, chat, 100_000, "a long text that takes its time", "two");
    while (texts(client, chat).size() < 2 || ((String) texts(client, chat).get(1)).length() < 3) {
      Thread.sleep(5);
    }
    assertEquals("paused", client.post(chat + "/agent/pause").at("agent.state"));
    assertEquals("stopped", client.messages(chat).get(1).get("state"));
    MODEL.pace(0, 0);
    assertEquals(200, client.post(chat + "/agent/resume").status());
    halted(client, chat, "done");
    assertEquals(4, client.messages(chat).size());
    MODEL.pace(0, 20);
    String other = client.chat();
    begin(client, other, 100_000, "a long text that takes its time", "two");
    assertEquals("stopped", client.post(other + "/agent/stop").at("agent.state"));
    MODEL.pace(0, 0);
    assertEquals(409, client.post(other + "/agent/resume").status());
    assertEquals(
        400,
        client
            .post(
                client.chat("temporary", true) + "/agent",
                "tasks",
                List.of("x"),
                "budget_tokens",
                9)
            .status());
  }

  @Test
  void theNextServerGoesOnFromTheLastStep(@TempDir Path other) throws Exception {
    ServerConfig config = ServerConfig.defaults().withStateFile(other.resolve("server.db"));
    String chat;
    try (TestServer first = new TestServer(config)) {
      first.model.pace(0, 20);
      ChatClient page = new ChatClient(first);
      page.post("/preferences", "titles", false);
      chat = page.chat("settings", ChatClient.of("model", "echo"));
      List<String> tasks = List.of("one", "two is what takes a while", "three");
      page.post(chat + "/agent", "tasks", tasks, "budget_tokens", 100_000L);
      while (page.messages(chat).size() < 4 || ((String) texts(page, chat).get(3)).length() < 3) {
        Thread.sleep(5);
      }
    }
    try (TestServer second = new TestServer(config)) {
      ChatClient page = new ChatClient(second);
      halted(page, chat, "done");
      assertEquals(6, page.messages(chat).size());
      assertEquals("one", texts(page, chat).get(1));
      assertEquals("three", texts(page, chat).getLast());
      page.messages(chat).forEach(each -> assertEquals("done", each.get("state")));
    }
  }
}
