package io.solebox.server.plan;

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
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code /admin/plan}: whether a model fits a machine, how fast, how hot and how dear it would be.
 * One at a time, since this machine may be asked what it is.
 */
public final class PlanApi {
  private static final int MAX_BODY_BYTES = 64 << 10;
  private static final String PLACE = "plan";

  private static final List<String> TEXTS =
      List.of("quantization", "kv_type", "host", "slot", "supply", "cooling", "duty");

  private static final List<String> WHOLE = List.of("context", "clients", "prompt");

  private static final List<String> NUMBERS =
      List.of(
          "wanted",
          "memory_gib",
          "disk_gbs",
          "air_celsius",
          "electricity_usd",
          "token_usd",
          "cost_usd");

  private final JsonWriter json;
  private final Optional<Planning> planning;
  private final AtomicBoolean busy = new AtomicBoolean();
  private final FieldTable table = FieldTable.read(PlanApi.class.getResourceAsStream("fields.txt"));

  /**
   * @param planning without which all is refused
   */
  public PlanApi(JsonWriter json, Optional<Planning> planning) {
    this.json = json;
    this.planning = planning;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            new Route(
                Method.POST,
                "/admin/plan",
                Permission.ADMINISTRATE,
                RouteLimits.body(MAX_BODY_BYTES),
                this::plan)),
        problems);
  }

  private void plan(Exchange exchange) throws InterruptedException {
    PlanWish wish = exchange.readObject(JsonSkips.of(List.of()), this::read);
    Planning planner =
        planning.orElseThrow(
            () -> Params.unsupported("model", "This server was started without a planner."));
    if (!busy.compareAndSet(false, true)) {
      throw Problem.of(409, "still_running", "Another plan is being made.");
    }
    try {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("object", "plan");
      body.putAll(planner.plan(wish));
      exchange.send(200, "application/json", json.bytes(body));
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "model");
    } finally {
      busy.set(false);
    }
  }

  private PlanWish read(Map<String, Object> body) {
    Fields fields = new Fields(table, PLACE, "", body);
    String model = fields.required("model");
    Map<String, List<String>> said = new LinkedHashMap<>();
    TEXTS.forEach(name -> fields.string(name).ifPresent(text -> said.put(name, List.of(text))));
    WHOLE.forEach(
        name ->
            fields
                .whole(name)
                .ifPresent(number -> said.put(name, List.of(Long.toString(number.value())))));
    NUMBERS.forEach(
        name ->
            fields
                .number(name)
                .ifPresent(number -> said.put(name, List.of(Double.toString(number)))));
    fields
        .array("cards")
        .ifPresent(cards -> said.put("cards", cards.stream().map(PlanApi::card).toList()));
    fields.settle(false);
    return new PlanWish(model, said);
  }

  private static String card(Object value) {
    if (value instanceof String text) {
      return text;
    }
    throw Params.invalidType("cards", "strings", value);
  }
}
