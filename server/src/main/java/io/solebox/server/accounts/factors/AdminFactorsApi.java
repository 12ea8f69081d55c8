package io.solebox.server.accounts.factors;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.User;
import io.solebox.server.audit.RequestAudit;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What administrators see and take away of what others bring beside a password, as where somebody
 * has lost it. Nobody sees a secret here, and nobody gives somebody else a way in.
 */
public final class AdminFactorsApi {
  private static final String FACTORS = "/admin/users/{name}/factors";

  private final JsonWriter json;
  private final Optional<FactorsApi.Desk> desk;

  /**
   * @param factors empty, as the door, for a server that keeps nothing
   */
  public AdminFactorsApi(JsonWriter json, Optional<Factors> factors, Optional<Door> door) {
    this.json = json;
    this.desk = FactorsApi.desk(factors, door);
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            route(Method.GET, FACTORS, this::show),
            route(Method.DELETE, FACTORS + "/{factor}", this::remove)),
        problems);
  }

  private static Route route(Method method, String path, Route.Handler handler) {
    return new Route(method, path, Permission.ADMINISTRATE, RouteLimits.NO_BODY, handler);
  }

  private Factors factors() {
    return FactorsApi.required(desk).factors();
  }

  private User named(Exchange exchange) {
    String name = exchange.parameter("name");
    return FactorsApi.required(desk)
        .door()
        .accounts()
        .store()
        .byName(name)
        .orElseThrow(
            () -> Problem.of(404, "user_not_found", "Nobody here is called '%s'.".formatted(name)));
  }

  private void show(Exchange exchange) {
    answer(exchange, FactorsApi.described(factors().state(named(exchange))));
  }

  private void remove(Exchange exchange) {
    User user = named(exchange);
    String factor = exchange.parameter("factor");
    if (!factors().remove(RequestAudit.actor(exchange.caller()), user, factor)) {
      throw Problem.of(
          404,
          "factor_not_found",
          "%s has no '%s'. It is 'app', or the id of a passkey.".formatted(user.name(), factor));
    }
    answer(exchange, Map.of("removed", factor));
  }

  private void answer(Exchange exchange, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, FactorsApi.JSON, json.bytes(body));
  }
}
