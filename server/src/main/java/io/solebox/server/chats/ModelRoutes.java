package io.solebox.server.chats;

import io.solebox.engine.host.ModelHost.Status;
import io.solebox.engine.host.Prospect;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Route;
import io.solebox.server.models.Estimates;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What it means to ask each of the models: what it takes, who leaves for it, how fast it is. What
 * nobody knows is left out.
 */
final class ModelRoutes {
  private final Ground ground;
  private final Models models;
  private final Estimates estimates;

  /**
   * @param estimates of how fast they are
   */
  ModelRoutes(Ground ground, Models models, Estimates estimates) {
    this.ground = ground;
    this.models = models;
    this.estimates = estimates;
  }

  List<Route> routes() {
    return List.of(ground.get("/chats/prospects", this::list));
  }

  private void list(Exchange exchange) {
    List<Status> seen = models.seenBy(exchange).all();
    Set<String> names = seen.stream().map(Status::name).collect(Collectors.toSet());
    List<Object> rows = new ArrayList<>();
    seen.forEach(status -> rows.add(shown(status, names)));
    ground.send(exchange, 200, Map.of("models", rows));
  }

  private Map<String, Object> shown(Status status, Set<String> names) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", status.name());
    Optional<Prospect> prospect = models.prospect(status);
    prospect.ifPresent(its -> put(row, its, names));
    estimates.speed(status, prospect).ifPresent(speed -> speed.into(row));
    return row;
  }

  /** Of models that somebody may not see, only how many would leave. */
  private static void put(Map<String, Object> row, Prospect prospect, Set<String> names) {
    List<String> leaving = prospect.leaving().stream().filter(names::contains).toList();
    row.put("answers", prospect.decoding().isPresent());
    row.put("context_tokens", prospect.contextTokens());
    row.put("needed_bytes", prospect.neededBytes());
    row.put("fits", prospect.fits());
    row.put("leaving", leaving);
    row.put("leaving_unseen", prospect.leaving().size() - leaving.size());
  }
}
