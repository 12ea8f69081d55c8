package io.solebox.server.usage;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.limits.Account;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import io.solebox.server.usage.UsageQuery.By;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code /v1/usage}, what the caller has used and may use; {@code /admin/usage}, what everybody has
 * used: counts, and never a word of what was said.
 */
public final class UsageApi {
  private static final String JSON = "application/json";
  private static final int USUAL_DAYS = 30;

  private final JsonWriter json;
  private final Optional<UsageLedger> ledger;
  private final Clock clock;

  /**
   * @param ledger empty where nothing is kept
   * @param clock whose days are meant
   */
  public UsageApi(JsonWriter json, Optional<UsageLedger> ledger, Clock clock) {
    this.json = json;
    this.ledger = ledger;
    this.clock = clock;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            get("/v1/usage", Permission.SEE, this::own),
            get("/admin/usage", Permission.ADMINISTRATE, this::all)),
        problems);
  }

  private static Route get(String path, Permission permission, Route.Handler handler) {
    return new Route(Method.GET, path, permission, RouteLimits.NO_BODY, handler);
  }

  private void own(Exchange exchange) {
    Map<String, Object> body = body(exchange, Optional.of(Owners.of(exchange)));
    body.put("limits", exchange.account().lines().map(UsageApi::line).toList());
    exchange.send(200, JSON, json.bytes(body));
  }

  private void all(Exchange exchange) {
    exchange.send(200, JSON, json.bytes(body(exchange, Optional.empty())));
  }

  private Map<String, Object> body(Exchange exchange, Optional<String> payer) {
    UsageLedger kept =
        ledger.orElseThrow(
            () -> Params.unsupported("usage", "This server keeps nothing, and no usage."));
    UsageQuery query =
        new UsageQuery(by(exchange.query("by").orElse("day")), since(exchange), payer);
    UsageNames names = kept.names();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("since", query.from());
    body.put("by", query.by().stream().map(By::word).toList());
    body.put("data", kept.sums(query).stream().map(row -> names.fields(query.by(), row)).toList());
    return body;
  }

  private static List<By> by(String words) {
    List<By> by = new ArrayList<>();
    for (String word : words.split(",", -1)) {
      By its =
          By.named(word.strip())
              .filter(named -> !by.contains(named))
              .orElseThrow(
                  () ->
                      Params.invalidValue(
                          "by", "'by' takes %s, each once, with commas.".formatted(By.words())));
      by.add(its);
    }
    return by;
  }

  private String since(Exchange exchange) {
    try {
      return exchange
          .query("since")
          .map(LocalDate::parse)
          .orElseGet(() -> LocalDate.now(clock).minusDays(USUAL_DAYS))
          .toString();
    } catch (DateTimeException e) {
      throw Params.invalidValue("since", "'since' must be a day, as in 2026-03-01.");
    }
  }

  private static Map<String, Object> line(Account.Line line) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("limit", line.bound().wireName());
    fields.put("whose", line.whose().wireName());
    fields.put("most", line.most());
    fields.put("left", line.left());
    fields.put("full_in_seconds", line.untilFull().plusMillis(999).toSeconds());
    return fields;
  }
}
