package io.solebox.server.tools.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.tools.Tool;
import io.solebox.server.tools.ToolCaller;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of tools at an address, which answers with events or with JSON. */
@Timeout(60)
class McpHttpTest {
  private static final JsonReader READER = new JsonReader(JsonLimits.LOCAL);
  private static final JsonWriter JSON = new JsonWriter();

  /** {@link ToyTools} over HTTP, one request a connection. */
  private record Toy(ServerSocket socket, boolean events, List<String> heads, ToyTools tools)
      implements AutoCloseable {
    static Toy start(boolean events) throws IOException {
      Toy toy =
          new Toy(
              new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
              events,
              new CopyOnWriteArrayList<>(),
              new ToyTools());
      Thread.ofVirtual().start(toy::serve);
      return toy;
    }

    private void serve() {
      while (!socket.isClosed()) {
        try (Socket client = socket.accept()) {
          answer(client);
        } catch (IOException e) {
          // who has gone needs no answer
        }
      }
    }

    private void answer(Socket client) throws IOException {
      InputStream in = new BufferedInputStream(client.getInputStream());
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        head.append((char) in.read());
      }
      heads.add(head.toString());
      String length = head.toString().replaceAll("(?is).*content-length: (\\d+).*", "$1");
      Map<String, Object> message = READER.readObject(in.readNBytes(Integer.parseInt(length)));
      List<Map<String, Object>> answers = tools.answers(message);
      StringBuilder body = new StringBuilder();
      if (events) {
        answers.forEach(each -> body.append("data: ").append(JSON.text(each)).append("\n\n"));
      } else if (!answers.isEmpty()) {
        body.append(JSON.text(answers.getLast()));
      }
      String status = answers.isEmpty() ? "202 Accepted" : "200 OK";
      String type = events ? "text/event-stream" : "application/json";
      byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
      client
          .getOutputStream()
          .write(
              ("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nMcp-Session-Id: s1\r\n"
                      + "Connection: close\r\n\r\n")
                  .formatted(status, type, bytes.length)
                  .getBytes(StandardCharsets.UTF_8));
      client.getOutputStream().write(bytes);
      client.getOutputStream().flush();
    }

    McpTools client(String path) {
      URI url = URI.create("http://127.0.0.1:" + socket.getLocalPort() + path);
      McpTools client =
          new McpTools(
              new McpSettings(
                  Map.of(
                      "web", new McpSettings.Address(url, Map.of("Authorization", "Bearer k")))));
      client.start(
          "test", new PrintStream(PrintStream.nullOutputStream(), true, StandardCharsets.UTF_8));
      return client;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void itsToolsAreCalled(boolean events) throws Exception {
    try (Toy toy = Toy.start(events);
        McpTools client = toy.client("/mcp")) {
      McpToolsTest.until(() -> !client.tools().isEmpty());
      Tool echo = client.tools().getFirst();
      assertEquals("web__echo", echo.spec().name());
      assertEquals(
          "hello", echo.call(Map.of("text", "hello"), new ToolCaller("", "c", "m", "1")).text());
      String head = toy.heads().getLast();
      assertTrue(head.contains("Authorization: Bearer k"), head);
      assertTrue(head.contains("Mcp-Session-Id: s1"), head);
      assertTrue(head.contains("MCP-Protocol-Version: 2025-03-26"), head);
    }
  }

  @Test
  void whoDoesNotAnswerIsTriedAgainAndNamed() throws Exception {
    try (Toy toy = Toy.start(true)) {
      toy.close();
      try (McpTools client = toy.client("/mcp")) {
        McpToolsTest.until(() -> client.states().getFirst().word().equals("failed"));
        assertEquals(List.of(), client.tools());
      }
    }
  }
}
