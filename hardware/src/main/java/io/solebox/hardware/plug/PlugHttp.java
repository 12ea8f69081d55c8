package io.solebox.hardware.plug;

import io.solebox.hardware.answer.Said;
import io.solebox.hardware.box.Fields;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/** Speaks HTTP with one plug, which the owner has named; follows it nowhere else. */
final class PlugHttp {
  private static final Duration DEADLINE = Duration.ofSeconds(5);

  /** A status of a plug is a few hundred bytes. */
  private static final int LONGEST = 1 << 16;

  private static final int UNAUTHORIZED = 401;
  private static final int OK = 200;
  private static final int NONCE_BYTES = 16;

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(DEADLINE)
          .followRedirects(HttpClient.Redirect.NEVER)
          .version(HttpClient.Version.HTTP_1_1)
          .build();
  private final SecureRandom random = new SecureRandom();
  private final URI base;

  /**
   * @param base as in {@code http://192.168.1.20}
   */
  PlugHttp(URI base) {
    this.base = base;
  }

  String host() {
    return base.getAuthority();
  }

  /** One request without a body. */
  Said<Fields> get(String pathAndQuery) {
    return send("GET", pathAndQuery, Optional.empty(), Optional.empty());
  }

  /**
   * One request with a JSON body; a challenge is answered.
   *
   * @param password of the user {@code admin}; empty where none was set
   */
  Said<Fields> post(String path, String json, Optional<String> password) {
    return send("POST", path, Optional.of(json), password);
  }

  private Said<Fields> send(
      String method, String path, Optional<String> body, Optional<String> password) {
    try {
      HttpResponse<InputStream> answer = client.send(request(method, path, body), stream());
      if (answer.statusCode() == UNAUTHORIZED) {
        answer.body().close();
        Optional<Digest> digest =
            answer.headers().firstValue("WWW-Authenticate").flatMap(Digest::of);
        if (password.isEmpty() || digest.isEmpty()) {
          return new Said.No<>(
              password.isEmpty()
                  ? "it wants a password, and none was given"
                  : "it wants a password in a way that is not known");
        }
        byte[] ours = new byte[NONCE_BYTES];
        random.nextBytes(ours);
        String header =
            digest
                .get()
                .answer("admin", password.get(), method, path, 1, HexFormat.of().formatHex(ours));
        answer = client.send(request(method, path, body, header), stream());
      }
      return fields(answer);
    } catch (IOException e) {
      String why = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
      return new Said.No<>("it does not answer: " + why);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Said.No<>("whoever asked was interrupted");
    }
  }

  private static HttpResponse.BodyHandler<InputStream> stream() {
    return BodyHandlers.ofInputStream();
  }

  private static Said<Fields> fields(HttpResponse<InputStream> answer) throws IOException {
    try (InputStream in = answer.body()) {
      byte[] body = in.readNBytes(LONGEST);
      if (answer.statusCode() == UNAUTHORIZED) {
        return new Said.No<>("it does not take the password");
      }
      if (answer.statusCode() != OK) {
        return new Said.No<>("it answers with status " + answer.statusCode());
      }
      return Fields.of(body)
          .<Said<Fields>>map(Said.Yes::new)
          .orElseGet(() -> new Said.No<>("its answer is no JSON"));
    }
  }

  private HttpRequest request(String method, String path, Optional<String> body) {
    return builder(method, path, body).build();
  }

  private HttpRequest request(
      String method, String path, Optional<String> body, String authorization) {
    return builder(method, path, body).header("Authorization", authorization).build();
  }

  private HttpRequest.Builder builder(String method, String path, Optional<String> body) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(DEADLINE)
        .header("Content-Type", "application/json")
        .method(
            method,
            body.map(HttpRequest.BodyPublishers::ofString)
                .orElseGet(HttpRequest.BodyPublishers::noBody));
  }
}
