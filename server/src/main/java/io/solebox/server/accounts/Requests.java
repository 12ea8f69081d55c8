package io.solebox.server.accounts;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.accounts.SignIn.Origin;
import io.solebox.server.audit.Entry;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How requests about accounts are read and answered. */
final class Requests {
  private static final String JSON = "application/json";
  private static final int MAX_BODY_BYTES = 16 << 10;
  private static final int MOST_DAYS = 3650;

  private static final FieldTable TABLE =
      FieldTable.read(Requests.class.getResourceAsStream("fields.txt"));

  private final JsonWriter json;
  private final Optional<Accounts> accounts;

  /**
   * @param accounts empty for a server that keeps nothing
   */
  Requests(JsonWriter json, Optional<Accounts> accounts) {
    this.json = json;
    this.accounts = accounts;
  }

  /**
   * @throws Problem 400 if the server keeps nothing
   */
  Accounts accounts() {
    return accounts.orElseThrow(
        () ->
            Problem.of(
                400,
                "unsupported_parameter",
                "This server was started with --no-store: it keeps nothing, and no accounts."));
  }

  static Route reads(String path, Permission permission, Route.Handler handler) {
    return new Route(Method.GET, path, permission, RouteLimits.NO_BODY, handler);
  }

  static Route writes(Method method, String path, Permission permission, Route.Handler handler) {
    RouteLimits limits =
        method == Method.DELETE ? RouteLimits.NO_BODY : RouteLimits.body(MAX_BODY_BYTES);
    return new Route(method, path, permission, limits, handler);
  }

  /** A POST that says all by its path. */
  static Route acts(String path, Permission permission, Route.Handler handler) {
    return new Route(Method.POST, path, permission, RouteLimits.NO_BODY, handler);
  }

  /** Makes something of a body's fields. */
  interface Reader<T> {
    T read(Fields fields);
  }

  /**
   * @param place in the table of fields
   */
  static <T> T read(Exchange exchange, String place, Reader<T> reader) throws InterruptedException {
    return exchange.readObject(
        JsonSkips.NONE,
        body -> {
          Fields fields = new Fields(TABLE, place, "", body);
          T read = reader.read(fields);
          fields.settle(true);
          return read;
        });
  }

  /** What a request proves beside a password. */
  record Proof(String code, Map<String, Object> members) {}

  static Proof proof(Exchange exchange) throws InterruptedException {
    return exchange.readObject(
        JsonSkips.NONE,
        body -> new Proof(required(new Fields(TABLE, "factor", "", body), "code"), body));
  }

  static String required(Fields fields, String name) {
    return fields.string(name).orElseThrow(() -> Params.missing(fields.param(name)));
  }

  static Optional<Duration> days(Fields fields, String name, int least) {
    return fields
        .whole(name)
        .map(days -> Duration.ofDays(days.inRange(name, least, MOST_DAYS * 10)));
  }

  static NewKey newKey(Fields fields) {
    return new NewKey(
        fields.string("name").orElse("key"),
        fields.string("models").map(AccountStore::words).orElse(List.of("*")),
        words(fields, "routes"),
        words(fields, "limits"),
        fields.flag("receipt"),
        days(fields, "days", 1));
  }

  static List<String> words(Fields fields, String name) {
    return fields.string(name).map(AccountStore::words).orElse(List.of());
  }

  void send(Exchange exchange, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, JSON, json.bytes(body));
  }

  /** How the audit log calls who asks. */
  static String actor(Exchange exchange) {
    return exchange
        .caller()
        .map(Caller::name)
        .filter(name -> !name.isEmpty())
        .orElse(Entry.THIS_MACHINE);
  }

  static Origin origin(Exchange exchange) {
    return new Origin(exchange.peer().host(), exchange.header("User-Agent").orElse(""));
  }

  /** Whether nobody has an account, as where nothing is kept. */
  boolean isEmpty() {
    return accounts.isEmpty() || accounts.get().store().isEmpty();
  }

  /** As JSON has it. */
  static String word(Permission permission) {
    return permission.name().toLowerCase(Locale.ROOT);
  }

  /** Who asks, where that is somebody with an account. */
  Optional<User> user(Exchange exchange) {
    return exchange
        .caller()
        .flatMap(caller -> accounts.flatMap(its -> its.store().byId(caller.owner())));
  }

  /**
   * Who is signed in.
   *
   * @throws Problem 404 for whoever has no account
   */
  User self(Exchange exchange) {
    return user(exchange)
        .orElseThrow(
            () ->
                Problem.of(
                    404,
                    "no_account",
                    "You have no account here: nobody has, or a key of a file."));
  }
}
