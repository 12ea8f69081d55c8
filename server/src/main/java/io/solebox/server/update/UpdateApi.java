package io.solebox.server.update;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.host.HostDesk;
import io.solebox.server.http.Api;
import io.solebox.server.http.EngineProblems;
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
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * {@code /admin/update}: the file of an update is sent here, checked without any rights, and kept
 * for root, who is asked to install it by {@code /admin/host/requests}.
 */
public final class UpdateApi {
  private static final String JSON = "application/json";
  private static final String PATH = "/admin/update";
  private static final String FILE = PATH + "/file";

  private final JsonWriter json;
  private final String version;
  private final Optional<Place> place;
  private final AtomicBoolean busy = new AtomicBoolean();

  /**
   * Where updates are kept, and who knows about them.
   *
   * @param machine by which root tells of the slots
   */
  public record Place(Updating updating, UpdateFolder folder, HostDesk machine) {}

  /**
   * @param version of the program that runs
   * @param place empty where nobody has brought one
   */
  public UpdateApi(JsonWriter json, String version, Optional<Place> place) {
    this.json = json;
    this.version = version;
    this.place = place;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            route(Method.GET, PATH, RouteLimits.NO_BODY, this::look),
            route(Method.POST, FILE, RouteLimits.file(), this::receive),
            route(Method.DELETE, FILE, RouteLimits.NO_BODY, this::discard)),
        problems);
  }

  private static Route route(Method method, String path, RouteLimits limits, Route.Handler does) {
    return new Route(method, path, Permission.ADMINISTRATE, limits, does);
  }

  private void look(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", version);
    place.flatMap(UpdateApi::slots).ifPresent(slots -> body.put("slots", slots));
    place.filter(its -> its.folder().holds()).ifPresent(its -> body.put("file", checked(its)));
    exchange.setHeader("Cache-Control", "no-store");
    exchange.send(200, JSON, json.bytes(body));
  }

  /** As root has told of them; empty where it has not, so where nothing can be installed. */
  private static Optional<Object> slots(Place place) {
    try {
      return place.machine().machine().map(machine -> machine.get("slots"));
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "");
    }
  }

  /** Whoever may write the file may have changed it since; what is not as it was signed goes. */
  private static Map<String, Object> checked(Place its) {
    try {
      return its.updating().about(its.folder().file());
    } catch (SoleboxException e) {
      return Map.of("refused", e.explanation());
    }
  }

  private Place ours() {
    return place
        .filter(its -> slots(its).isPresent())
        .orElseThrow(
            () ->
                Problem.of(
                    409,
                    "not_ours",
                    "This machine was not made from Solebox's image, and is updated as it was"
                        + " installed: by its archive, package or container."));
  }

  private void receive(Exchange exchange) throws InterruptedException {
    Place its = ours();
    long length =
        length(exchange)
            .orElseThrow(
                () ->
                    Problem.of(
                        411, "length_required", "Say with Content-Length how long the update is."));
    if (!busy.compareAndSet(false, true)) {
      throw Problem.of(409, "still_running", "An update is being sent already.");
    }
    try {
      Map<String, Object> about =
          its.folder().take(length, exchange::readBytes, file -> its.updating().check(file));
      exchange.record("update.receive", String.valueOf(about.get("version")), Map.of());
      exchange.send(200, JSON, json.bytes(about));
    } catch (SoleboxException e) {
      throw refused(e);
    } finally {
      busy.set(false);
    }
  }

  private static OptionalLong length(Exchange exchange) {
    try {
      return exchange.header("Content-Length").stream().mapToLong(Long::parseLong).findFirst();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /** What is wrong with a file that was sent is the sender's to mend. */
  private static Problem refused(SoleboxException e) {
    return e.code() == ErrorCode.UNTRUSTED
        ? Problem.of(400, e.code().wireName(), e.explanation())
        : EngineProblems.of(e, "");
  }

  private void discard(Exchange exchange) {
    Place its = ours();
    try {
      its.folder().clear();
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "");
    }
    exchange.record("update.discard", "", Map.of());
    look(exchange);
  }
}
