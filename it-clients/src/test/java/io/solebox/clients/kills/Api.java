package io.solebox.clients.kills;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Requests of one client to one server, from an address of its own. */
final class Api implements AutoCloseable {
  private final HttpClient client;
  private final String url;

  /**
   * @param address of this machine, in 127.0.0.0/8
   */
  Api(String url, String address) throws IOException {
    this.url = url;
    this.client =
        HttpClient.newBuilder()
            .localAddress(InetAddress.getByName(address))
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /** An answer that has come whole. */
  record Answer(int status, String text, String cookie) {
    Map<String, Object> json() {
      return new JsonReader(JsonLimits.LOCAL).readObject(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** By which somebody is known. */
  record Pass(String header, String value) {
    static final Pass NONE = new Pass("X-Nobody", "1");

    static Pass cookie(String cookie) {
      return new Pass("Cookie", cookie);
    }

    static Pass key(String secret) {
      return new Pass("Authorization", "Bearer " + secret);
    }
  }

  /**
   * @param body empty for none
   * @throws IOException where the server has gone away before its answer
   */
  Answer call(String method, String path, Pass pass, Map<String, Object> body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url + path))
            .timeout(Duration.ofSeconds(120))
            .header("Sec-Fetch-Site", "same-origin")
            .header(pass.header(), pass.value())
            .method(
                method,
                body.isEmpty()
                    ? BodyPublishers.noBody()
                    : BodyPublishers.ofByteArray(new JsonWriter().bytes(body)));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
    String cookie =
        answer.headers().firstValue("Set-Cookie").map(set -> set.split(";", 2)[0]).orElse("");
    return new Answer(answer.statusCode(), answer.body(), cookie);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
