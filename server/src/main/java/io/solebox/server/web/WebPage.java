package io.solebox.server.web;

import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;

/** The page at the root and its files. */
public enum WebPage {
  INDEX("/", "index.html", "text/html; charset=utf-8"),
  SCRIPT("/app.js", "app.js", "text/javascript; charset=utf-8"),
  STYLE("/app.css", "app.css", "text/css; charset=utf-8");

  private final String path;
  private final String file;
  private final String type;

  WebPage(String path, String file, String type) {
    this.path = path;
    this.file = file;
    this.type = type;
  }

  /**
   * @param problems whose words its errors have
   */
  public static Api api(Api.ProblemWriter problems) {
    return new Api(Arrays.stream(values()).map(WebPage::route).toList(), problems);
  }

  private Route route() {
    return new Route(Method.GET, path, Permission.OPEN, RouteLimits.NO_BODY, this::send);
  }

  private void send(Exchange exchange) {
    exchange.sendPage(type, resource(file));
  }

  static byte[] resource(String name) {
    try (InputStream in = WebPage.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
