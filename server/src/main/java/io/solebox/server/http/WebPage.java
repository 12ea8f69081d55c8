package io.solebox.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The page at the root and its files. */
enum WebPage {
  INDEX("/", "index.html", "text/html; charset=utf-8"),
  SCRIPT("/app.js", "app.js", "text/javascript; charset=utf-8"),
  STYLE("/app.css", "app.css", "text/css; charset=utf-8");

  private static final String POLICY =
      "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final String path;
  private final String file;
  private final String type;

  WebPage(String path, String file, String type) {
    this.path = path;
    this.file = file;
    this.type = type;
  }

  String path() {
    return path;
  }

  void send(ServerResponse response) {
    response.header(HeaderNames.CONTENT_TYPE, type);
    response.header(HeaderNames.CACHE_CONTROL, "no-cache");
    response.header(HeaderNames.create("content-security-policy"), POLICY);
    response.header(HeaderNames.create("x-content-type-options"), "nosniff");
    response.header(HeaderNames.create("referrer-policy"), "no-referrer");
    response.send(bytes());
  }

  private byte[] bytes() {
    try (InputStream in = WebPage.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
