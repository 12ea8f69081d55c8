package io.solebox.server.tools;

import io.solebox.engine.json.JsonSkips;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.People;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Owners;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Which tools there are, which of them may be used, and what nobody need be asked any more. */
public final class ToolsApi {
  private static final int MAX_BODY_BYTES = 4 << 10;
  private static final FieldTable TABLE =
      FieldTable.read(ToolsApi.class.getResourceAsStream("fields.txt"));

  private final JsonWriter json;
  private final Toolbox toolbox;
  private final Approvals approvals;
  private final People people;
  private final Clock clock;

  public ToolsApi(
      JsonWriter json, Toolbox toolbox, Approvals approvals, People people, Clock clock) {
    this.json = json;
    this.toolbox = toolbox;
    this.approvals = approvals;
    this.people = people;
    this.clock = clock;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            reads("/tools", Permission.USE_MODELS, this::usable),
            reads("/tools/approvals", Permission.USE_MODELS, this::approved),
            new Route(
                Method.DELETE,
                "/tools/approvals/{id}",
                Permission.USE_MODELS,
                RouteLimits.NO_BODY,
                this::takeBack),
            reads("/admin/tools", Permission.ADMINISTRATE, this::all),
            new Route(
                Method.PUT,
                "/admin/tools/{name}",
                Permission.ADMINISTRATE,
                RouteLimits.body(MAX_BODY_BYTES),
                this::allow)),
        problems);
  }

  private static Route reads(String path, Permission permission, Route.Handler handler) {
    return new Route(Method.GET, path, permission, RouteLimits.NO_BODY, handler);
  }

  private void send(Exchange exchange, Map<String, Object> body) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, "application/json", json.bytes(body));
  }

  private static Map<String, Object> shown(ToolSpec spec) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("name", spec.name());
    shown.put("description", spec.description());
    shown.put("parameters", spec.parameters());
    shown.put("source", spec.source());
    shown.put("only_reads", spec.onlyReads());
    return shown;
  }

  private void usable(Exchange exchange) {
    List<Map<String, Object>> tools =
        toolbox.of(Owners.of(exchange)).stream().map(offer -> shown(offer.spec())).toList();
    send(exchange, Map.of("tools", tools));
  }

  private void all(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("tools", toolbox.all().stream().map(this::offered).toList());
    body.put("servers", toolbox.states().stream().map(SourceState::json).toList());
    send(exchange, body);
  }

  private Map<String, Object> offered(Toolbox.Offer offer) {
    Map<String, Object> shown = shown(offer.spec());
    shown.put("allowed", offer.allowed());
    shown.put("changed", offer.changed());
    shown.put("fingerprint", offer.spec().fingerprint());
    offer
        .audience()
        .ifPresent(
            its -> {
              shown.put("people", its.people().stream().map(people::nameOf).sorted().toList());
              shown.put("groups", its.groups().stream().sorted().toList());
            });
    return shown;
  }

  private record Allowing(
      boolean allowed, Optional<String> fingerprint, Optional<Audience> audience) {}

  private void allow(Exchange exchange) throws InterruptedException {
    String name = exchange.parameter("name");
    Allowing asked = read(exchange);
    if (!asked.allowed()) {
      toolbox.allowed().forbid(name); // also one that is not there now
      exchange.record("tool.forbid", name, Map.of());
    } else {
      ToolSpec spec = found(name).spec();
      String fingerprint = spec.fingerprint();
      if (asked.fingerprint().filter(seen -> !seen.equals(fingerprint)).isPresent()) {
        throw Problem.of(
            409,
            "tool_changed",
            "The tool says something else by now. Look at it again before you allow it.");
      }
      allow(spec, asked);
      exchange.record("tool.allow", name, told(spec, asked));
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", name);
    body.put("allowed", asked.allowed());
    send(exchange, body);
  }

  private void allow(ToolSpec spec, Allowing asked) {
    AllowedTools allowed = toolbox.allowed();
    asked
        .audience()
        .ifPresentOrElse(
            its -> allowed.allow(spec, its, clock.millis()),
            () -> allowed.allow(spec, clock.millis()));
  }

  private static Map<String, String> told(ToolSpec spec, Allowing asked) {
    Map<String, String> told = new LinkedHashMap<>();
    told.put("fingerprint", spec.fingerprint());
    asked.audience().ifPresent(its -> told.put("for", String.join(", ", its.lines().split("\n"))));
    return told;
  }

  private Allowing read(Exchange exchange) throws InterruptedException {
    return exchange.readObject(
        JsonSkips.NONE,
        body -> {
          Fields fields = new Fields(TABLE, "allowing", "", body);
          if (!fields.has("allowed")) {
            throw Params.missing("allowed");
          }
          Allowing read =
              new Allowing(fields.flag("allowed"), fields.string("fingerprint"), audience(fields));
          fields.settle(true);
          return read;
        });
  }

  private Optional<Audience> audience(Fields fields) {
    Optional<List<Object>> named = fields.array("people");
    Optional<List<Object>> groups = fields.array("groups");
    if (named.isEmpty() && groups.isEmpty()) {
      return Optional.empty();
    }
    Set<String> ids = new TreeSet<>();
    for (Object name : named.orElse(List.of())) {
      ids.add(
          people
              .idOf((String) name)
              .orElseThrow(() -> nobody("people", "Nobody is called '%s'.", name)));
    }
    Set<String> their = new TreeSet<>();
    for (Object name : groups.orElse(List.of())) {
      if (!people.hasGroup((String) name)) {
        throw nobody("groups", "There is no group '%s'.", name);
      }
      their.add((String) name);
    }
    return Optional.of(new Audience(ids, their));
  }

  private static Problem nobody(String field, String words, Object name) {
    return Params.invalidValue(field, words.formatted(Texts.abbreviated((String) name)));
  }

  private Toolbox.Offer found(String name) {
    return toolbox
        .find(name)
        .orElseThrow(
            () ->
                Problem.of(
                    404, "not_found", "There is no tool '%s'.".formatted(Texts.abbreviated(name))));
  }

  private void approved(Exchange exchange) {
    List<Map<String, Object>> all =
        approvals.of(Owners.of(exchange)).stream().map(Approval::json).toList();
    send(exchange, Map.of("approvals", all));
  }

  private void takeBack(Exchange exchange) {
    String id = exchange.parameter("id");
    if (!approvals.takeBack(Owners.of(exchange), id)) {
      throw Problem.of(
          404, "not_found", "There is no approval '%s'.".formatted(Texts.abbreviated(id)));
    }
    send(exchange, Map.of("deleted", 1));
  }
}
