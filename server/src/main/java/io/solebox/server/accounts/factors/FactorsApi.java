package io.solebox.server.accounts.factors;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.User;
import io.solebox.server.accounts.passkeys.Passkey;
import io.solebox.server.accounts.totp.RecoveryCode;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One's own authenticator app and recovery codes. What makes signing in weaker, or gives somebody
 * else a way in, asks for the password again: a browser that was left open is not enough.
 */
public final class FactorsApi {
  static final String JSON = "application/json";
  private static final int MAX_BODY_BYTES = 64 << 10;

  static final FieldTable TABLE =
      FieldTable.read(FactorsApi.class.getResourceAsStream("fields.txt"));

  private final JsonWriter json;
  private final Optional<Desk> desk;

  /** What it takes to answer. */
  record Desk(Factors factors, Door door) {}

  /**
   * @param factors empty, as the door, for a server that keeps nothing
   */
  public FactorsApi(JsonWriter json, Optional<Factors> factors, Optional<Door> door) {
    this.json = json;
    this.desk = desk(factors, door);
  }

  static Optional<Desk> desk(Optional<Factors> factors, Optional<Door> door) {
    return factors.flatMap(its -> door.map(way -> new Desk(its, way)));
  }

  static Desk required(Optional<Desk> desk) {
    return desk.orElseThrow(
        () ->
            Problem.of(
                400,
                "unsupported_parameter",
                "This server was started with --no-store: it keeps nothing, and no accounts."));
  }

  private Desk desk() {
    return required(desk);
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            new Route(
                Method.GET,
                "/auth/factors",
                Permission.OWN_ACCOUNT,
                RouteLimits.NO_BODY,
                this::show),
            post("/auth/factors/app", this::begin),
            post("/auth/factors/app/confirm", this::confirm),
            post("/auth/factors/app/remove", this::remove),
            post("/auth/factors/recovery-codes", this::renew)),
        problems);
  }

  private static Route post(String path, Route.Handler handler) {
    RouteLimits limits = RouteLimits.body(MAX_BODY_BYTES);
    return new Route(Method.POST, path, Permission.OWN_ACCOUNT, limits, handler);
  }

  private void show(Exchange exchange) {
    answer(exchange, described(desk().factors().state(desk().door().user(exchange))));
  }

  /** What somebody has, without a secret. */
  static Map<String, Object> described(Factors.State state) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("app", state.app());
    body.put("recovery_codes_left", state.recoveryLeft());
    body.put("required", state.required());
    body.put("passkeys", state.passkeys().stream().map(FactorsApi::passkey).toList());
    return body;
  }

  static Map<String, Object> passkey(Passkey passkey) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("id", passkey.id());
    body.put("name", passkey.name());
    body.put("host", passkey.rpId());
    body.put("created", passkey.created().toString());
    body.put("last_use", passkey.lastUse().map(Instant::toString).orElse(null));
    return body;
  }

  private record Ask(Optional<String> password, Optional<String> code) {}

  private static Ask ask(Exchange exchange, String place) throws InterruptedException {
    return exchange.readObject(
        JsonSkips.of(List.of()),
        body -> {
          Fields fields = new Fields(TABLE, place, "", body);
          Optional<String> password =
              place.equals("confirm") ? Optional.empty() : fields.string("password");
          Optional<String> code = place.equals("begin") ? Optional.empty() : fields.string("code");
          fields.settle(true);
          return new Ask(password, code);
        });
  }

  private void begin(Exchange exchange) throws InterruptedException {
    Ask ask = ask(exchange, "begin");
    User user = desk().door().user(exchange);
    desk().door().again(exchange, user, ask.password());
    answer(exchange, desk().factors().begin(user).members());
  }

  private void confirm(Exchange exchange) throws InterruptedException {
    String code = ask(exchange, "confirm").code().orElseThrow(() -> Params.missing("code"));
    User user = desk().door().user(exchange);
    List<RecoveryCode> codes =
        desk().door().tried(exchange, user, () -> desk().factors().confirm(user, code));
    answer(exchange, Map.of("recovery_codes", texts(codes)));
  }

  private void renew(Exchange exchange) throws InterruptedException {
    Ask ask = ask(exchange, "renew");
    String code = ask.code().orElseThrow(() -> Params.missing("code"));
    User user = desk().door().user(exchange);
    desk().door().again(exchange, user, ask.password());
    List<RecoveryCode> codes =
        desk().door().tried(exchange, user, () -> desk().factors().renewRecovery(user, code));
    answer(exchange, Map.of("recovery_codes", texts(codes)));
  }

  private void remove(Exchange exchange) throws InterruptedException {
    Ask ask = ask(exchange, "remove");
    String code = ask.code().orElseThrow(() -> Params.missing("code"));
    User user = desk().door().user(exchange);
    desk().door().again(exchange, user, ask.password());
    desk()
        .door()
        .tried(
            exchange,
            user,
            () -> desk().factors().removeApp(user, code) ? Optional.of(true) : Optional.empty());
    answer(exchange, Map.of("removed", true));
  }

  static List<String> texts(List<RecoveryCode> codes) {
    return codes.stream().map(RecoveryCode::text).toList();
  }

  private void answer(Exchange exchange, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, JSON, json.bytes(body));
  }
}
