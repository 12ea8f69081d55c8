package io.solebox.server.manage;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.memory.MemoryUse;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.models.Models;
import io.solebox.server.models.RunningAnswer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What administrators see of the work that goes on: answers that are not over, which they can end,
 * and who holds how much of the memory. Never a word of what is said.
 */
public final class RunningApi {
  private static final String JSON = "application/json";

  private final JsonWriter json;
  private final Models models;

  public RunningApi(JsonWriter json, Models models) {
    this.json = json;
    this.models = models;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            route(Method.GET, "/admin/memory", this::memory),
            route(Method.GET, "/admin/answers", this::answers),
            route(Method.DELETE, "/admin/answers/{number}/{model*}", this::stop)),
        problems);
  }

  private static Route route(Method method, String path, Route.Handler handler) {
    return new Route(method, path, Permission.ADMINISTRATE, RouteLimits.NO_BODY, handler);
  }

  private void memory(Exchange exchange) {
    send(exchange, list(models.memory().stream().map(RunningApi::device).toList()));
  }

  private static Map<String, Object> device(MemoryLedger ledger) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("device", ledger.device());
    fields.put("capacity_bytes", ledger.capacityBytes());
    fields.put("free_bytes", ledger.freeBytes());
    fields.put("holdings", ledger.holdings().stream().map(RunningApi::holding).toList());
    return fields;
  }

  static Map<String, Object> holding(MemoryLedger.Holding holding) {
    MemoryUse use = holding.use();
    Map<String, Object> its = new LinkedHashMap<>();
    its.put("device", holding.ledger().device());
    its.put("model", holding.owner());
    its.put("weight_bytes", use.weightBytes() + use.mappedBytes());
    its.put("state_bytes", use.stateBytes());
    its.put("scratch_bytes", use.scratchBytes());
    return its;
  }

  private void answers(Exchange exchange) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Status model : models.everything()) {
      models.metrics().answers(model.name()).forEach(a -> rows.add(row(model.name(), a)));
    }
    send(exchange, list(rows));
  }

  private static Map<String, Object> row(String model, RunningAnswer answer) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("number", answer.number());
    fields.put("model", model);
    fields.put("user", answer.payer().user());
    fields.put("key", answer.payer().key());
    fields.put("seconds", answer.age().toMillis() / 1000.0);
    answer.ahead().ifPresent(before -> fields.put("ahead", before));
    fields.put("prompt_tokens", answer.promptTokens());
    fields.put("cached_tokens", answer.cached());
    fields.put("processed_tokens", answer.processed());
    fields.put("generated_tokens", answer.generated());
    return fields;
  }

  private void stop(Exchange exchange) {
    String model = exchange.parameter("model");
    String number = exchange.parameter("number");
    boolean known = models.everything().stream().anyMatch(status -> status.name().equals(model));
    if (!known
        || !number.matches("\\d{1,18}")
        || !models.metrics().stop(model, Long.parseLong(number))) {
      throw Problem.of(
          404, "answer_not_found", "The model '%s' has no answer %s.".formatted(model, number));
    }
    exchange.record("answer.stop", model, Map.of("number", number));
    send(exchange, Map.of("stopped", true));
  }

  private static Map<String, Object> list(List<Map<String, Object>> rows) {
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("object", "list");
    list.put("data", rows);
    return list;
  }

  private void send(Exchange exchange, Map<String, Object> body) {
    exchange.send(200, JSON, json.bytes(body));
  }
}
