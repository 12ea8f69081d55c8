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

/**
 * The page at the root, the pages on which people sign in and see to their account, and their
 * files.
 */
public enum WebPage {
  INDEX("/", "index.html", Type.HTML),
  SCRIPT("/app.js", "app.js", Type.SCRIPT),
  STYLE("/app.css", "app.css", Type.STYLE),
  SIGN_IN("/signin", "signin.html", Type.HTML),
  SIGN_IN_SCRIPT("/signin.js", "signin.js", Type.SCRIPT),
  ACCOUNT("/account", "account.html", Type.HTML),
  ACCOUNT_SCRIPT("/account.js", "account.js", Type.SCRIPT),
  COMMON_SCRIPT("/server.js", "server.js", Type.SCRIPT),
  PAGES_STYLE("/pages.css", "pages.css", Type.STYLE),
  TOKENS("/tokens.css", "tokens.css", Type.STYLE);

  private enum Type {
    HTML("text/html; charset=utf-8"),
    SCRIPT("text/javascript; charset=utf-8"),
    STYLE("text/css; charset=utf-8");

    private final String words;

    Type(String words) {
      this.words = words;
    }
  }

  private final String path;
  private final String file;
  private final Type type;

  WebPage(String path, String file, Type type) {
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
    exchange.sendPage(type.words, resource(file));
  }

  static byte[] resource(String name) {
    try (InputStream in = WebPage.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
