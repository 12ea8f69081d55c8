package io.solebox.server.accounts.oidc;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.factors.Door;
import io.solebox.server.accounts.oidc.issuer.IssuerException;
import io.solebox.server.accounts.oidc.issuer.IssuerHttp;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.storage.Database;
import java.io.PrintStream;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The way to the issuer and back. A browser comes back by a link of the issuer, so that what goes
 * wrong is told by the page at {@code /signin}, which knows the words; why a token was not believed
 * is for the server's log.
 */
public final class OidcApi implements AutoCloseable {
  private static final String CALLBACK = "/auth/oidc/callback";
  private static final String LOCAL_COOKIE = "solebox-oidc";

  /** With this name browsers hold it to this host, all of it, and TLS. */
  private static final String SAFE_COOKIE = "__Host-" + LOCAL_COOKIE;

  private static final int COOKIE_SECONDS = 600;

  /** For one answer of the issuer. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** What somebody goes to the issuer for. */
  private sealed interface Purpose {
    record SignIn() implements Purpose {}

    record Link(String account) implements Purpose {}
  }

  /** What it takes to send people to an issuer and to know them when they come back. */
  private record Desk(IssuerHttp http, OidcFlow<Purpose> flow, OidcPeople people, Door door) {}

  private final JsonWriter json;
  private final Optional<Desk> desk;
  private final PrintStream log;

  private OidcApi(JsonWriter json, Optional<Desk> desk, PrintStream log) {
    this.json = json;
    this.desk = desk;
    this.log = log;
  }

  /** For a server without an issuer: its routes say so. */
  public static OidcApi none(JsonWriter json) {
    return new OidcApi(json, Optional.empty(), System.err);
  }

  /**
   * @param log hears why somebody was not believed
   */
  public static OidcApi of(
      JsonWriter json,
      OidcSettings settings,
      Database database,
      Door door,
      Clock clock,
      PrintStream log) {
    IssuerHttp http = new IssuerHttp(PATIENCE, settings.trust());
    OidcFlow<Purpose> flow =
        new OidcFlow<>(settings, new Issuer(settings, http, clock), new SecureRandom(), clock);
    OidcPeople people = new OidcPeople(database, door.accounts(), settings, clock);
    return new OidcApi(json, Optional.of(new Desk(http, flow, people, door)), log);
  }

  private Desk desk() {
    return desk.orElseThrow(
        () ->
            Problem.of(
                404,
                "no_issuer",
                "Nobody signs in elsewhere here: the server was started without --oidc-issuer."));
  }

  /** Ends what is under way to the issuer. */
  @Override
  public void close() {
    desk.ifPresent(its -> its.http().close());
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            route(Method.GET, "/auth/oidc/start", Permission.OPEN, this::start),
            route(Method.GET, CALLBACK, Permission.OPEN, this::callback),
            route(Method.POST, "/auth/oidc/link", Permission.OWN_ACCOUNT, this::link)),
        problems);
  }

  private static Route route(
      Method method, String path, Permission permission, Route.Handler handler) {
    return new Route(method, path, permission, RouteLimits.NO_BODY, handler);
  }

  private void start(Exchange exchange) throws InterruptedException {
    redirect(exchange, begin(exchange, new Purpose.SignIn()).toString());
  }

  /** A page asks first, since a link could be anybody's. */
  private void link(Exchange exchange) throws InterruptedException {
    String account = exchange.caller().orElseThrow().owner();
    URI there = begin(exchange, new Purpose.Link(account));
    exchange.send(200, "application/json", json.bytes(Map.of("url", there.toString())));
  }

  private URI begin(Exchange exchange, Purpose purpose) throws InterruptedException {
    Desk its = desk();
    its.door().requireSafe(exchange);
    try {
      OidcFlow.Start start = its.flow().start(purpose, here(exchange), exchange.peer().name());
      // Lax, since the browser comes back by a link of another site.
      exchange.setHeader(
          "Set-Cookie",
          "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
              .formatted(
                  name(exchange),
                  start.state(),
                  COOKIE_SECONDS,
                  secure(exchange) ? "; Secure" : ""));
      return start.address();
    } catch (IssuerException e) {
      log.println("oidc: " + e.getMessage());
      throw Problem.of(
          502, "issuer_unreachable", "The issuer cannot be asked now. The server's log says why.");
    }
  }

  private static boolean secure(Exchange exchange) {
    return exchange.peer().confidential();
  }

  /** The address that the issuer sends the browser back to. */
  private static URI here(Exchange exchange) {
    String host = exchange.calledHost().toLowerCase(Locale.ROOT);
    return URI.create((secure(exchange) ? "https://" : "http://") + host + CALLBACK);
  }

  private void callback(Exchange exchange) throws InterruptedException {
    Desk its = desk();
    Optional<String> code = exchange.query("code");
    Optional<String> state = exchange.query("state");
    if (code.isEmpty() || state.isEmpty()) {
      log.println(
          "oidc: the issuer has sent somebody back: " + plain(exchange.query("error").orElse("")));
      redirect(exchange, "/signin?oidc=cancelled");
      return;
    }
    OidcFlow.Answer answer = new OidcFlow.Answer(state.get(), code.get(), exchange.query("iss"));
    try {
      OidcFlow.End<Purpose> end = its.flow().end(answer, cookie(exchange));
      redirect(exchange, enter(exchange, its, end));
    } catch (IssuerException e) {
      log.println("oidc: " + plain(e.getMessage()));
      redirect(exchange, "/signin?oidc=failed");
    } catch (OidcRefusal e) {
      redirect(exchange, "/signin?oidc=" + e.why().name().toLowerCase(Locale.ROOT));
    }
  }

  /** Where the browser goes then. */
  private static String enter(Exchange exchange, Desk its, OidcFlow.End<Purpose> end)
      throws OidcRefusal, InterruptedException {
    return switch (end.purpose()) {
      case Purpose.SignIn() -> {
        its.door().enter(exchange, its.people().account(end.person()), "oidc");
        yield "/";
      }
      case Purpose.Link(String account) -> {
        its.people().link(account, end.person());
        yield "/desk#account";
      }
    };
  }

  private static String name(Exchange exchange) {
    return secure(exchange) ? SAFE_COOKIE : LOCAL_COOKIE;
  }

  private static Optional<String> cookie(Exchange exchange) {
    String prefix = name(exchange) + "=";
    return exchange.header("Cookie").stream()
        .flatMap(header -> Arrays.stream(header.split(";")))
        .map(String::strip)
        .filter(pair -> pair.startsWith(prefix))
        .map(pair -> pair.substring(prefix.length()))
        .findFirst();
  }

  /** What others sent, on one line of a log. */
  private static String plain(String text) {
    String line = text.replaceAll("[^\\x20-\\x7e]+", " ");
    return line.length() > 300 ? line.substring(0, 300) : line;
  }

  private static void redirect(Exchange exchange, String address) {
    exchange.setHeader("Location", address);
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(302, "text/plain; charset=utf-8", new byte[0]);
  }
}
