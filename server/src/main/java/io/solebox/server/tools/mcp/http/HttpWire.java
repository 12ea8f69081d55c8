package io.solebox.server.tools.mcp.http;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.tools.mcp.wire.Lines;
import io.solebox.server.tools.mcp.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A server at an address, by the protocol's "streamable HTTP": each message is a request, whose
 * answer is a message or a stream of them. All connections to servers of tools are opened here, to
 * the addresses that whoever started this server has named, and redirects are not followed.
 */
public final class HttpWire implements Wire {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Whoever waits for less gives up by himself; this ends what nobody waits for. */
  private static final Duration LONGEST = Duration.ofMinutes(10);

  private static final int MAX_BYTES = 8 << 20;
  private static final String SESSION = "Mcp-Session-Id";

  private final URI address;
  private final Map<String, String> headers;
  private final HttpClient client;
  private final JsonWriter json = new JsonWriter();
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);
  private Optional<Hearer> hearer = Optional.empty(); // guarded by this, as the next
  private Optional<String> session = Optional.empty();
  private Optional<String> version = Optional.empty();

  /**
   * @param headers with each request, as one that says who asks
   */
  public HttpWire(URI address, Map<String, String> headers) {
    this.address = address;
    this.headers = Map.copyOf(headers);
    this.client =
        HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
  }

  @Override
  public synchronized void start(Hearer its) {
    hearer = Optional.of(its);
  }

  @Override
  public synchronized void agreed(String its) {
    version = Optional.of(its);
  }

  private synchronized HttpRequest.Builder request() {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(LONGEST);
    headers.forEach(request::setHeader);
    session.ifPresent(id -> request.setHeader(SESSION, id));
    version.ifPresent(its -> request.setHeader("MCP-Protocol-Version", its));
    return request;
  }

  @Override
  public void send(Map<String, Object> message) throws IOException, InterruptedException {
    HttpRequest asked =
        request()
            .setHeader("Content-Type", "application/json")
            .setHeader("Accept", "application/json, text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json.bytes(message)))
            .build();
    HttpResponse<InputStream> answer =
        client.send(asked, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = answer.body()) {
      if (answer.statusCode() / 100 != 2) {
        throw new IOException(
            "%s answers %d: %s".formatted(address, answer.statusCode(), beginning(body)));
      }
      answer.headers().firstValue(SESSION).ifPresent(this::join);
      String type = answer.headers().firstValue("Content-Type").orElse("");
      if (type.startsWith("text/event-stream")) {
        readStream(body);
      } else if (type.startsWith("application/json")) {
        hear(body.readNBytes(MAX_BYTES));
      }
    }
  }

  private synchronized void join(String id) {
    session = Optional.of(id);
  }

  private void readStream(InputStream body) throws IOException {
    Lines lines = new Lines(body);
    StringBuilder data = new StringBuilder();
    Optional<byte[]> next = lines.next();
    while (next.isPresent()) {
      String line = new String(next.get(), StandardCharsets.UTF_8);
      if (line.startsWith("data:")) {
        data.append(line.substring("data:".length())).append('\n');
        if (data.length() > MAX_BYTES) {
          throw new IOException("An event is longer than %d bytes.".formatted(MAX_BYTES));
        }
      } else if (line.isEmpty() && !data.isEmpty()) {
        hear(data.toString().getBytes(StandardCharsets.UTF_8));
        data.setLength(0);
      }
      next = lines.next();
    }
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private void hear(byte[] body) throws IOException {
    Hearer its;
    synchronized (this) {
      its = hearer.orElseThrow(() -> new IOException("Nobody listens."));
    }
    try {
      switch (reader.read(body)) {
        case Map<?, ?> message -> its.heard((Map<String, Object>) message);
        case List<?> several ->
            several.stream()
                .filter(Map.class::isInstance)
                .forEach(each -> its.heard((Map<String, Object>) each));
        case null, default -> throw new IOException("%s answers no message".formatted(address));
      }
    } catch (JsonException e) {
      throw new IOException("%s answers no JSON: %s".formatted(address, e.getMessage()), e);
    }
  }

  private static String beginning(InputStream body) throws IOException {
    byte[] first = body.readNBytes(200);
    return new String(first, StandardCharsets.UTF_8).replaceAll("[^\\x20-\\x7e]+", " ");
  }

  @Override
  public boolean hearsByItself() {
    return false;
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
