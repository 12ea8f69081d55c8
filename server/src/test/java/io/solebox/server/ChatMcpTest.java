package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.tools.mcp.McpSettings;
import io.solebox.server.tools.mcp.ToyTools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program's tools in a chat: allowed, called, changed, and in the middle when the server ends.
 */
@Timeout(60)
class ChatMcpTest {
  private static final McpSettings TOY =
      new McpSettings(Map.of("toy", new McpSettings.Program(ToyTools.command(), Map.of())));

  @TempDir private Path folder;

  private TestServer start(McpSettings tools) {
    TestServer server =
        new TestServer(
            ServerConfig.defaults().withStateFile(folder.resolve("server.db")).withMcp(tools));
    server.ready("caller", EchoModel.calling());
    return server;
  }

  private static void allow(TestServer server, String name) throws Exception {
    String allowed = "{\"allowed\":true}";
    while (server.call("PUT", "/admin/tools/" + name, allowed).status() != 200) {
      Thread.sleep(5); // its program is not there yet
    }
  }

  private static RawClient.Answer ask(ChatClient page, String chat, String tool)
      throws IOException {
    String call = "<tool_call>{\"name\": \"%s\", \"arguments\": {\"text\": \"hi\"}}</tool_call>";
    return page.post(
        chat + "/turns", "text", call.formatted(tool), "model", "caller", "tools", List.of(tool));
  }

  private static RawClient.Answer decide(
      ChatClient page, String chat, Object message, String decision) throws IOException {
    return page.post(
        "%s/messages/%s/calls/call_1_1".formatted(chat, message), "decision", decision);
  }

  @Test
  void whatItSaysCountsAndWhatRanAtTheEndIsNotRunAgain() throws Exception {
    String chat;
    Object sleeping;
    try (TestServer server = start(TOY)) {
      ChatClient page = new ChatClient(server);
      page.post("/preferences", "titles", false);
      for (String each : List.of("echo", "turn", "sleep")) {
        allow(server, "toy__" + each);
      }
      String first = page.chat();
      Object asked = page.end(first, ask(page, first, "toy__echo")).get("id");
      assertEquals("hi", page.end(first, decide(page, first, asked, "always")).get("text"));
      // It describes itself otherwise now: nobody has allowed that, and no approval is for it.
      String second = page.chat();
      asked = page.end(second, ask(page, second, "toy__turn")).get("id");
      page.end(second, decide(page, second, asked, "once"));
      while (page.get("/tools").text().contains("toy__echo")) {
        Thread.sleep(5);
      }
      assertEquals("tool_not_allowed", ask(page, page.chat(), "toy__echo").at("error.code"));
      assertTrue(server.get("/admin/tools").text().contains("\"changed\":true"));
      allow(server, "toy__echo");
      String third = page.chat();
      assertEquals("waiting", page.end(third, ask(page, third, "toy__echo")).get("state"));
      chat = page.chat();
      sleeping = page.end(chat, ask(page, chat, "toy__sleep")).get("id");
      assertEquals(202, decide(page, chat, sleeping, "once").status());
      while (!"running"
          .equals(RawClient.at(page.messages(chat).getLast(), "steps.0.tool_calls.0.state"))) {
        Thread.sleep(5);
      }
    }
    try (TestServer server = start(McpSettings.NONE)) {
      ChatClient page = new ChatClient(server);
      Map<String, Object> broken = page.messages(chat).getLast();
      assertEquals("server_ended", RawClient.at(broken, "error.code"));
      assertEquals("unknown", RawClient.at(broken, "steps.0.tool_calls.0.state"));
      assertEquals(409, page.post(chat + "/messages/" + sleeping + "/continue").status());
      Map<String, Object> refused = page.end(chat, decide(page, chat, sleeping, "refuse"));
      assertEquals("done", refused.get("state"), refused::toString);
      assertFalse(refused.containsKey("error"));
    }
  }
}
