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
  record Answer(int status, byte[] bytes, String cookie) {
    String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    Map<String, Object> json() {
      return new JsonReader(JsonLimits.LOCAL).readObject(bytes);
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
    HttpRequest.Builder request = request(path, pass);
    if (body.isEmpty()) {
      return send(request.method(method, BodyPublishers.noBody()));
    }
    return send(
        request
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofByteArray(new JsonWriter().bytes(body))));
  }

  /** Sends a file, as a form has it. */
  Answer upload(String path, Pass pass, String content) throws IOException, InterruptedException {
    String form =
        "--xyz\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nuser_data\r\n"
            + "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n"
            + content
            + "\r\n--xyz--\r\n";
    return send(
        request(path, pass)
            .header("Content-Type", "multipart/form-data; boundary=xyz")
            .POST(BodyPublishers.ofString(form)));
  }

  private HttpRequest.Builder request(String path, Pass pass) {
    return HttpRequest.newBuilder(URI.create(url + path))
        .timeout(Duration.ofSeconds(120))
        .header("Sec-Fetch-Site", "same-origin")
        .header(pass.header(), pass.value());
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer = client.send(request.build(), BodyHandlers.ofByteArray());
    String cookie =
        answer.headers().firstValue("Set-Cookie").map(set -> set.split(";", 2)[0]).orElse("");
    return new Answer(answer.statusCode(), answer.body(), cookie);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
