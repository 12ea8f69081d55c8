package io.solebox.server.accounts.factors;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.User;
import io.solebox.server.accounts.passkeys.Passkey;
import io.solebox.server.accounts.passkeys.Passkeys;
import io.solebox.server.accounts.passkeys.RelyingParty;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One's own passkeys, and signing in with one. */
public final class PasskeysApi {
  private static final int MAX_BODY_BYTES = 64 << 10;

  private final JsonWriter json;
  private final Optional<FactorsApi.Desk> desk;

  /**
   * @param factors empty, as the door, for a server that keeps nothing
   */
  public PasskeysApi(JsonWriter json, Optional<Factors> factors, Optional<Door> door) {
    this.json = json;
    this.desk = FactorsApi.desk(factors, door);
  }

  private Door door() {
    return FactorsApi.required(desk).door();
  }

  private Passkeys passkeys() {
    return FactorsApi.required(desk).factors().passkeys();
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            post("/auth/passkeys/creation", Permission.OWN_ACCOUNT, this::creation),
            post("/auth/passkeys", Permission.OWN_ACCOUNT, this::add),
            post("/auth/passkeys/{id}/name", Permission.OWN_ACCOUNT, this::rename),
            new Route(
                Method.DELETE,
                "/auth/passkeys/{id}",
                Permission.OWN_ACCOUNT,
                RouteLimits.NO_BODY,
                this::remove),
            new Route(
                Method.POST,
                "/auth/passkeys/request",
                Permission.OPEN,
                RouteLimits.NO_BODY,
                this::request),
            post("/auth/passkeys/sign-in", Permission.OPEN, this::signIn)),
        problems);
  }

  private static Route post(String path, Permission permission, Route.Handler handler) {
    return new Route(Method.POST, path, permission, RouteLimits.body(MAX_BODY_BYTES), handler);
  }

  private static RelyingParty party(Exchange exchange) {
    return RelyingParty.called(exchange.calledHost(), exchange.peer().confidential());
  }

  private void creation(Exchange exchange) throws InterruptedException {
    Optional<String> password = read(exchange, "creation", fields -> fields.string("password"));
    User user = door().user(exchange);
    door().again(exchange, user, password);
    answer(exchange, passkeys().creation(party(exchange), user, exchange.peer().name()));
  }

  private record New(String name, String credential) {}

  private void add(Exchange exchange) throws InterruptedException {
    New wanted = read(exchange, "passkey", fields -> new New(name(fields), credential(fields)));
    Passkey made = passkeys().add(door().user(exchange), wanted.name(), wanted.credential());
    answer(exchange, FactorsApi.passkey(made));
  }

  private void rename(Exchange exchange) throws InterruptedException {
    String name = read(exchange, "rename", PasskeysApi::name);
    passkeys().rename(door().user(exchange).id(), exchange.parameter("id"), name);
    answer(exchange, Map.of("id", exchange.parameter("id"), "name", name));
  }

  private void remove(Exchange exchange) {
    passkeys().remove(door().user(exchange), exchange.parameter("id"));
    answer(exchange, Map.of("id", exchange.parameter("id"), "deleted", true));
  }

  private void request(Exchange exchange) {
    door().requireSafe(exchange);
    answer(exchange, passkeys().request(party(exchange), exchange.peer().name()));
  }

  private void signIn(Exchange exchange) throws InterruptedException {
    door().requireSafe(exchange);
    String credential = read(exchange, "sign_in", this::credential);
    door().enter(exchange, door().account(passkeys().signIn(credential).account()), "passkey");
    answer(exchange, Map.of("signed_in", true));
  }

  /** Makes something of a request's members. */
  private interface Reading<T> {
    T of(Fields fields);
  }

  private static <T> T read(Exchange exchange, String place, Reading<T> reading)
      throws InterruptedException {
    return exchange.readObject(
        JsonSkips.of(List.of()),
        body -> {
          Fields fields = new Fields(FactorsApi.TABLE, place, "", body);
          T read = reading.of(fields);
          fields.settle(true);
          return read;
        });
  }

  private static String name(Fields fields) {
    return fields.string("name").orElseThrow(() -> Params.missing("name"));
  }

  /** What a browser's {@code toJSON()} gave, as text again: the library reads it by itself. */
  private String credential(Fields fields) {
    Object given = fields.raw("credential").orElseThrow(() -> Params.missing("credential"));
    return new String(json.bytes(Fields.members(given, "credential")), StandardCharsets.UTF_8);
  }

  private void answer(Exchange exchange, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, FactorsApi.JSON, json.bytes(body));
  }
}
