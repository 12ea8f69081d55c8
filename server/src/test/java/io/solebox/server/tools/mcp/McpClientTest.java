package io.solebox.server.tools.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.server.tools.mcp.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What one hears whose call was under way when the other side went. */
class McpClientTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Map<String, Object> GREETING =
      Map.of("jsonrpc", "2.0", "id", 1L, "result", Map.of("protocolVersion", "2025-06-18"));

  /** Agrees, and breaks at the first thing that is asked of it. */
  private static final class Breaking implements Wire {
    private final CompletableFuture<Hearer> hearer = new CompletableFuture<>();
    private final boolean takesNothing;

    Breaking(boolean takesNothing) {
      this.takesNothing = takesNothing;
    }

    @Override
    public void start(Hearer heard) {
      hearer.complete(heard);
    }

    @Override
    public void send(Map<String, Object> message) throws IOException {
      switch (String.valueOf(message.get("method"))) {
        case "initialize" -> hearer.join().heard(GREETING);
        case "tools/list" -> {
          Thread.ofVirtual().start(() -> hearer.join().broken("exit code 3"));
          if (takesNothing) {
            throw new IOException("Broken pipe");
          }
        }
        case String _ -> {}
      }
    }

    @Override
    public boolean hearsByItself() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void whoSweepsUpDoesNotHideTheReason() throws McpException, InterruptedException {
    McpClient client = new McpClient(new Breaking(false), () -> {});
    client.open("1", PATIENCE);
    client.broken().thenAccept(_ -> client.close()); // before those that wait are told
    assertEquals("exit code 3", why(client));
  }

  @Test
  void whatCannotBeWrittenIsNotTheReason() throws McpException, InterruptedException {
    try (McpClient client = new McpClient(new Breaking(true), () -> {})) {
      client.open("1", PATIENCE);
      assertEquals("exit code 3", why(client));
    }
  }

  private static String why(McpClient client) {
    return assertThrows(McpException.class, () -> client.tools(1, PATIENCE)).getMessage();
  }
}
