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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * For probes: {@code /health} says how the models are, {@code /health/ready} whether a request
 * would be answered now, {@code /health/live} that the process answers at all; and which version
 * this is.
 */
public final class HealthApi {
  private static final String JSON = "application/json";

  private final JsonWriter json;
  private final Models models;
  private final InFlight inFlight;
  private final String version;
  private final boolean airGapped;
  private final BooleanSupplier tellsModels;

  /**
   * @param tellsModels whether strangers may know which models there are
   */
  public HealthApi(
      JsonWriter json,
      Models models,
      InFlight inFlight,
      String version,
      boolean airGapped,
      BooleanSupplier tellsModels) {
    this.json = json;
    this.models = models;
    this.inFlight = inFlight;
    this.version = version;
    this.airGapped = airGapped;
    this.tellsModels = tellsModels;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            open("/health", this::health),
            open("/health/ready", this::ready),
            open("/readyz", this::ready),
            open("/health/live", this::live),
            open("/healthz", this::live),
            get("/version", Permission.SEE, this::version)),
        problems);
  }

  private static Route open(String path, Route.Handler handler) {
    return get(path, Permission.OPEN, handler);
  }

  private static Route get(String path, Permission permission, Route.Handler handler) {
    RouteLimits always = RouteLimits.NO_BODY.alsoWhileDraining(); // it tells that the server drains
    return new Route(Method.GET, path, permission, always, handler);
  }

  private void health(Exchange exchange) {
    Health health = Health.of(models, inFlight.draining());
    Map<String, Object> body = new LinkedHashMap<>(health.body());
    if (!tellsModels.getAsBoolean()) {
      body.remove("models");
    }
    send(exchange, health.ok(), body);
  }

  private void ready(Exchange exchange) {
    boolean ready = Health.of(models, inFlight.draining()).ready();
    send(exchange, ready, Map.of("status", ready ? "ok" : "unavailable"));
  }

  private void live(Exchange exchange) {
    send(exchange, true, Map.of("status", "ok"));
  }

  private void version(Exchange exchange) {
    send(exchange, true, Map.of("version", version, "air_gap", airGapped));
  }

  private void send(Exchange exchange, boolean well, Map<String, Object> body) {
    exchange.send(well ? 200 : 503, JSON, json.bytes(body));
  }
}
