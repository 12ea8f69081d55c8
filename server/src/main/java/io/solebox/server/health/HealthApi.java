package io.solebox.server.health;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.InFlight;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.models.Health;
import io.solebox.server.models.Models;
import java.util.List;

/** {@code /health}, for probes: whether requests are answered, and if not, why. */
public final class HealthApi {
  private final JsonWriter json;
  private final Models models;
  private final InFlight inFlight;

  public HealthApi(JsonWriter json, Models models, InFlight inFlight) {
    this.json = json;
    this.models = models;
    this.inFlight = inFlight;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    RouteLimits always = RouteLimits.NO_BODY.alsoWhileDraining(); // it tells that the server drains
    return new Api(
        List.of(new Route(Method.GET, "/health", Permission.OPEN, always, this::answer)), problems);
  }

  private void answer(Exchange exchange) {
    Health health = Health.of(models, inFlight.draining());
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(health.ok() ? 200 : 503, "application/json", json.bytes(health.body()));
  }
}
