package io.solebox.scout.fake;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** An answer of a fake server, before what goes wrong with it. */
record FakeReply(int status, byte[] body, Map<String, String> headers) {
  FakeReply(int status, byte[] body) {
    this(status, body, Map.of());
  }

  void send(HttpExchange exchange, Fault fault) throws IOException {
    byte[] sent =
        switch (fault) {
          case Fault.Cut(int bytes) -> Arrays.copyOf(body, Math.min(bytes, body.length));
          case Fault.Replaced(String from, String to) ->
              new String(body, StandardCharsets.UTF_8)
                  .replace(from, to)
                  .getBytes(StandardCharsets.UTF_8);
          case Fault.None _, Fault.Status _, Fault.BreakOff _, Fault.After _ -> body;
        };
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    headers.forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(status, sent.length == 0 ? -1 : sent.length);
    if (sent.length > 0) {
      int length =
          fault instanceof Fault.BreakOff(int bytes) ? Math.min(bytes, sent.length) : sent.length;
      exchange.getResponseBody().write(sent, 0, length);
      exchange.getResponseBody().flush();
    }
  }
}
