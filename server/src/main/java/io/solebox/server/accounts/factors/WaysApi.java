package io.solebox.server.accounts.factors;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.passkeys.RelyingParty;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** In which ways people sign in beside a password, as the page shows them to everybody. */
public final class WaysApi {
  private final JsonWriter json;
  private final Optional<String> issuer;
  private final boolean airGapped;

  /**
   * @param issuer of OpenID Connect, where there is one
   * @param airGapped whether the kernel keeps the server from reaching others
   */
  public WaysApi(JsonWriter json, Optional<String> issuer, boolean airGapped) {
    this.json = json;
    this.issuer = issuer;
    this.airGapped = airGapped;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            new Route(Method.GET, "/auth/ways", Permission.OPEN, RouteLimits.NO_BODY, this::show)),
        problems);
  }

  private void show(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    Optional<String> why = whyNoPasskeys(exchange);
    body.put("passkeys", why.isEmpty());
    body.put("no_passkeys_because", why.orElse(null));
    body.put("oidc", issuer.orElse(null));
    body.put("air_gap", airGapped);
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, FactorsApi.JSON, json.bytes(body));
  }

  private static Optional<String> whyNoPasskeys(Exchange exchange) {
    try {
      RelyingParty.called(exchange.calledHost(), exchange.peer().confidential());
      return Optional.empty();
    } catch (Problem e) {
      return Optional.of(e.getMessage());
    }
  }
}
