package io.solebox.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Server-sent events: {@code data: ...} and an empty line, each sent at once
 * (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */
final class EventStream implements AutoCloseable {
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);

  private final OutputStream out;

  /** Starts the response. */
  EventStream(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, "text/event-stream; charset=utf-8");
    response.header(HeaderNames.CACHE_CONTROL, "no-cache");
    out = response.outputStream();
  }

  /**
   * @param data one line
   * @throws CloseConnectionException if the client has gone
   */
  void send(byte[] data) {
    try {
      out.write(DATA);
      out.write(data);
      out.write(END);
      out.flush();
    } catch (IOException e) {
      throw new CloseConnectionException("client has gone", e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new CloseConnectionException("client has gone", e);
    }
  }
}
