package io.solebox.server.web;

import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The pages, and the files that they use. A page refers to its files by {@code {{ui}}}, in the
 * place of which stands where those of this version are.
 */
public enum WebPage {
  INDEX("/", "chat/index.html"),
  CHAT("/c/{id}", "chat/index.html"),
  COMPARE("/compare", "chat/index.html"),
  KNOWLEDGE("/knowledge", "chat/index.html"),
  COLLECTION("/knowledge/{id}", "chat/index.html"),
  SHARED("/s/{id}", "chat/index.html"),
  SET_UP("/setup", "desk/setup.html"),
  SIGN_IN("/signin", "desk/signin.html"),
  DESK("/desk", "desk/index.html");

  static final String FILES = "/ui/";

  /** Browsers ask for it by this name, whatever it is. */
  private static final String ICON = "/favicon.ico";

  /** Scripts that work beside a page obey what they come with themselves. */
  private static final String SCRIPT_POLICY =
      "default-src 'self'; base-uri 'none'; frame-ancestors 'none'";

  private final String path;
  private final String file;

  WebPage(String path, String file) {
    this.path = path;
    this.file = file;
  }

  /**
   * @param problems whose words its errors have
   */
  public static Api api(Api.ProblemWriter problems) {
    List<Route> routes = new ArrayList<>(Arrays.stream(values()).map(WebPage::route).toList());
    routes.add(open(FILES + "{digest}/{file*}", WebPage::sendFile));
    routes.add(open("/account", WebPage::sendOn));
    routes.add(open(ICON, WebPage::sendIcon));
    Arrays.stream(Frame.values()).map(Frame::route).forEach(routes::add);
    return new Api(routes, problems);
  }

  private static Route open(String path, Route.Handler handler) {
    return new Route(Method.GET, path, Permission.OPEN, RouteLimits.NO_BODY, handler);
  }

  private Route route() {
    return open(path, this::send);
  }

  private void send(Exchange exchange) {
    exchange.setPageHeaders();
    html(file).send(exchange);
  }

  /** Where one's own account was once. */
  private static void sendOn(Exchange exchange) {
    exchange.setHeader("Location", "/desk#account");
    exchange.send(303, WebFile.Type.TEXT.words(), new byte[0]);
  }

  static WebFile html(String file) {
    return WebFile.of(WebFile.Type.HTML, text(file).getBytes(StandardCharsets.UTF_8));
  }

  /** A page that refers to the files of this version. */
  static String text(String file) {
    String html = new String(resource(file), StandardCharsets.UTF_8);
    return html.replace("{{ui}}", FILES + WebFiles.OURS.digest());
  }

  /** Sends a file of this version, to be kept for good. */
  private static void sendFile(Exchange exchange) {
    if (!exchange.parameter("digest").equals(WebFiles.OURS.digest())) {
      throw Problem.of(
          404, "page_outdated", "This page is of another version of the server. Load it again.");
    }
    kept(exchange, exchange.parameter("file"));
  }

  /** Its address is the same in each version, so browsers ask whether it is still so. */
  private static void sendIcon(Exchange exchange) {
    exchange.setHeader("Cache-Control", "no-cache");
    file("icon.svg").send(exchange);
  }

  private static WebFile file(String name) {
    return WebFiles.OURS
        .find(name)
        .orElseThrow(() -> Problem.of(404, "not_found", "There is no file '" + name + "'."));
  }

  private static void kept(Exchange exchange, String name) {
    WebFile file = file(name);
    exchange.setHeader("Cache-Control", "public, max-age=31536000, immutable");
    // A frame without an origin may use them; there is nothing to hide in what everybody has.
    exchange.setHeader("Cross-Origin-Resource-Policy", "cross-origin");
    if (file.type() == WebFile.Type.SCRIPT) {
      exchange.setHeader("Content-Security-Policy", SCRIPT_POLICY);
    }
    file.send(exchange);
  }

  static byte[] resource(String name) {
    try (InputStream in = WebPage.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
