package io.solebox.server.describe;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;
import java.util.ArrayList;
import java.util.List;

/** {@code /openapi.json}: what this server answers, for programs that make clients of it. */
public final class DescribeApi {
  private final byte[] document;
  private final Api api;

  /**
   * @param others all other routes of the server
   * @param version of the server
   * @param problems whose words its errors have
   */
  public DescribeApi(
      JsonWriter json, List<Api> others, String version, Api.ProblemWriter problems) {
    Route own =
        new Route(Method.GET, "/openapi.json", Permission.SEE, RouteLimits.NO_BODY, this::answer);
    api = new Api(List.of(own), problems);
    List<Api> all = new ArrayList<>(others);
    all.add(api);
    document = json.bytes(new OpenApi(Operations.read(), version).document(all));
  }

  public Api api() {
    return api;
  }

  private void answer(Exchange exchange) {
    exchange.send(200, "application/json", document);
  }
}
