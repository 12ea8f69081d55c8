package io.solebox.server.host;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code /admin/host}: what administrators want of the machine below an appliance. */
public final class HostApi {
  private static final String JSON = "application/json";
  private static final int MAX_BODY_BYTES = 16 << 10;

  private final JsonWriter json;
  private final HostDesk machine;
  private final FieldTable table = FieldTable.read(HostApi.class.getResourceAsStream("fields.txt"));

  public HostApi(JsonWriter json, HostDesk machine) {
    this.json = json;
    this.machine = machine;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    RouteLimits body = RouteLimits.body(MAX_BODY_BYTES);
    return new Api(
        List.of(
            new Route(
                Method.GET,
                "/admin/host",
                Permission.ADMINISTRATE,
                RouteLimits.NO_BODY,
                this::machine),
            new Route(
                Method.POST, "/admin/host/requests", Permission.ADMINISTRATE, body, this::ask),
            new Route(
                Method.GET,
                "/admin/host/requests/{id}",
                Permission.ADMINISTRATE,
                RouteLimits.NO_BODY,
                this::result),
            new Route(Method.POST, "/host/keep", Permission.OPEN, body, this::keep)),
        problems);
  }

  private void send(Exchange exchange, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, JSON, json.bytes(body));
  }

  private void machine(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("machine", machine.machine().orElse(null));
    send(exchange, body);
  }

  private void ask(Exchange exchange) throws InterruptedException {
    HostRequest request = exchange.readObject(JsonSkips.NONE, this::request);
    String id = ask(request);
    exchange.record("host." + request.kind(), "", Map.of());
    send(exchange, Map.of("id", id));
  }

  private HostRequest request(Map<String, Object> body) {
    Fields fields = new Fields(table, "request", "", body);
    String kind = fields.required("kind");
    fields.readAll();
    fields.settle(true);
    Map<String, Object> rest = new LinkedHashMap<>(body);
    rest.remove("kind");
    try {
      return HostRequests.of(kind, rest);
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "kind");
    }
  }

  private String ask(HostRequest request) {
    if (machine.machine().isEmpty()) {
      throw Problem.of(
          409,
          "not_ours",
          "This machine's network, name and updates are not Solebox's to change. Do it as this"
              + " machine is looked after.");
    }
    try {
      return machine.ask(request);
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "kind");
    }
  }

  private void result(Exchange exchange) {
    String id = exchange.parameter("id");
    try {
      send(
          exchange,
          machine
              .result(id)
              .orElseThrow(() -> Problem.of(404, "not_found", "There is no such request.")));
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "id");
    }
  }

  /**
   * Open, since a browser has no session at an address that it comes to for the first time: whoever
   * knows the id has asked for the change, and has reached the machine where it has put it.
   */
  private void keep(Exchange exchange) throws InterruptedException {
    String of =
        exchange.readObject(
            JsonSkips.NONE,
            body -> {
              Fields fields = new Fields(table, "keep", "", body);
              String id = fields.required("of");
              fields.settle(true);
              return id;
            });
    Map<String, Object> result;
    try {
      result = machine.result(of).orElse(Map.of());
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "of");
    }
    if (!result.getOrDefault("state", "").equals("running")) {
      throw Problem.of(404, "not_found", "No connection of this id is on trial.");
    }
    requireCalledThere(exchange);
    send(exchange, Map.of("id", ask(new HostRequest.NetworkKeep(of))));
  }

  /** At a fixed address it must be that one that was called. */
  private void requireCalledThere(Exchange exchange) {
    Object network = machine.machine().orElse(Map.of()).get("network");
    if (network instanceof Map<?, ?> chosen && chosen.get("address") instanceof String address) {
      String meant = address.substring(0, address.indexOf('/'));
      String called = exchange.calledHost().replaceAll("[\\[\\]]", "");
      if (!called.equals(meant) && !called.startsWith(meant + ":")) {
        throw Problem.of(
            409, "other_address", "Call it at its new address, " + meant + ", to keep that.");
      }
    }
  }
}
