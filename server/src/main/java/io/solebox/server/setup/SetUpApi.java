package io.solebox.server.setup;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.AccountJson;
import io.solebox.server.accounts.SessionStore;
import io.solebox.server.accounts.SignIn;
import io.solebox.server.host.HostDesk;
import io.solebox.server.host.HostRequest;
import io.solebox.server.host.HostRequests;
import io.solebox.server.http.Api;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.http.SessionCookie;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /setup/...}: the first steps of an appliance. A browser enters the code of the screen and
 * gets a token, which it sends in a header with each step; so no page from elsewhere can take one.
 */
public final class SetUpApi {
  /** By which the browser is known that has entered the code. */
  public static final String TOKEN = "Setup-Token";

  private static final String JSON = "application/json";
  private static final int MAX_BODY_BYTES = 16 << 10;

  private final JsonWriter json;
  private final Optional<SetUp> setUp;
  private final Optional<SignIn> signIn;
  private final HostDesk machine;
  private final boolean airGapped;

  private final FieldTable table =
      FieldTable.read(SetUpApi.class.getResourceAsStream("fields.txt"));

  /**
   * @param setUp of an appliance; empty where the server was not started as one
   * @param signIn lets the administrator in at the end
   * @param airGapped whether the server's own gap is closed
   */
  public SetUpApi(
      JsonWriter json,
      Optional<SetUp> setUp,
      Optional<SignIn> signIn,
      HostDesk machine,
      boolean airGapped) {
    this.json = json;
    this.setUp = setUp;
    this.signIn = signIn;
    this.machine = machine;
    this.airGapped = airGapped;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            new Route(
                Method.GET, "/setup/state", Permission.OPEN, RouteLimits.NO_BODY, this::state),
            post("/setup/pair", RouteLimits.body(MAX_BODY_BYTES), this::pair),
            post("/setup/choose", RouteLimits.body(MAX_BODY_BYTES), this::choose),
            post("/setup/finish", RouteLimits.NO_BODY, this::finish)),
        problems);
  }

  private static Route post(String path, RouteLimits limits, Route.Handler handler) {
    return new Route(Method.POST, path, Permission.OPEN, limits, handler);
  }

  private SetUp setUp() {
    return setUp.orElseThrow(
        () ->
            Problem.of(
                404, "no_setup", "This server was not started as an appliance, with --setup."));
  }

  private void send(Exchange exchange, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, JSON, json.bytes(body));
  }

  /** What a page needs to know; of choices only the browser that makes them. */
  private void state(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    boolean open = setUp.filter(SetUp::isOpen).isPresent();
    body.put("appliance", setUp.isPresent());
    body.put("open", open);
    if (open) {
      boolean paired = setUp().isPaired(exchange.header(TOKEN));
      body.put("paired", paired);
      body.put("taken", !paired && setUp().isTaken());
      if (paired) {
        body.put("chosen", setUp().told());
        body.put("machine", machine.machine().orElse(null));
        body.put("air_gap", airGapped);
      }
    }
    send(exchange, body);
  }

  private void pair(Exchange exchange) throws InterruptedException {
    SessionCookie.requireSafe(exchange);
    SetUp its = setUp();
    its.requireOpen();
    String code =
        exchange.readObject(JsonSkips.NONE, body -> settled("pair", body).required("code"));
    String token =
        signIn
            .orElseThrow()
            .withCode(new SignIn.Origin(exchange.peer().host(), ""), () -> its.pair(code));
    send(exchange, Map.of("token", token));
  }

  /** Its fields; all that a place has may be there. */
  private Fields settled(String place, Map<String, Object> body) {
    Fields fields = new Fields(table, place, "", body);
    fields.readAll();
    fields.settle(true);
    return fields;
  }

  private void choose(Exchange exchange) throws InterruptedException {
    SessionCookie.requireSafe(exchange);
    SetUp its = setUp();
    its.requirePaired(exchange.header(TOKEN));
    try {
      exchange.readObject(
          JsonSkips.NONE,
          body -> {
            take(its, settled("choose", body));
            return body;
          });
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "setup");
    }
    send(exchange, Map.of("chosen", its.told()));
  }

  /** Checks each choice as whoever does it will, so that nothing fails at the end. */
  private void take(SetUp its, Fields fields) throws InterruptedException {
    Map<String, Object> choices = new LinkedHashMap<>();
    fields.string("language").ifPresent(name -> choices.put("language", name));
    fields
        .string("host_name")
        .ifPresent(name -> choices.put("host_name", new HostRequest.Name(name).name()));
    fields
        .string("zone")
        .ifPresent(zone -> choices.put("zone", new HostRequest.TimeZone(zone).zone()));
    if (fields.has("air_gap")) {
      choices.put("air_gap", fields.flag("air_gap"));
    }
    if (fields.isGiven("network")) {
      choices.put("network", fields.raw("network").map(SetUpApi::network).orElse(null));
    }
    if (fields.has("password")) {
      its.chooseAdministrator(fields.required("name"), fields.required("password"));
    }
    its.choose(choices);
  }

  private static Map<String, Object> network(Object fields) {
    return HostRequests.of("network", Fields.members(fields, "network")).fields();
  }

  private void finish(Exchange exchange) {
    SessionCookie.requireSafe(exchange);
    SetUp its = setUp();
    its.requirePaired(exchange.header(TOKEN));
    Map<String, Object> chosen = its.told();
    SetUp.Done done;
    try {
      done = its.finish();
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "setup");
    }
    SignIn.Outcome.SignedIn in =
        signIn
            .orElseThrow()
            .admit(
                done.user(),
                new SignIn.Origin(exchange.peer().host(), exchange.header("User-Agent").orElse("")),
                "set-up");
    SessionCookie.give(exchange, in.token(), SessionStore.LONGEST);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("user", AccountJson.user(done.user()));
    body.put("chosen", chosen);
    body.put("asked", done.asked());
    send(exchange, body);
  }
}
