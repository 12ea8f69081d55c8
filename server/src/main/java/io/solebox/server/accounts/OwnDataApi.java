package io.solebox.server.accounts;

import static io.solebox.server.accounts.Requests.origin;
import static io.solebox.server.accounts.Requests.reads;
import static io.solebox.server.accounts.Requests.required;
import static io.solebox.server.accounts.Requests.writes;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.SessionCookie;
import io.solebox.server.params.Params;
import io.solebox.server.seal.Belongings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is kept for somebody: taken along, and deleted with the account. */
public final class OwnDataApi {
  private static final String ZIP = "application/zip";

  private final Requests requests;
  private final Optional<Belongings> belongings;
  private final Optional<SignIn> signIn;

  /**
   * @param accounts empty, as the belongings, for a server that keeps nothing
   * @param factors what some bring beside their password
   */
  public OwnDataApi(
      JsonWriter json,
      Optional<Accounts> accounts,
      SecondFactors factors,
      Optional<Belongings> belongings) {
    this.requests = new Requests(json, accounts);
    this.belongings = belongings;
    this.signIn = accounts.map(its -> its.signIn(factors));
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            reads("/auth/export", Permission.OWN_ACCOUNT, this::export),
            writes(Method.POST, "/auth/delete", Permission.OWN_ACCOUNT, this::delete),
            reads("/admin/users/{name}/export", Permission.ADMINISTRATE, this::exportOther)),
        problems);
  }

  private void export(Exchange exchange) {
    send(exchange, requests.self(exchange));
  }

  private void exportOther(Exchange exchange) {
    String name = exchange.parameter("name");
    User user =
        requests
            .accounts()
            .store()
            .byName(name)
            .orElseThrow(
                () ->
                    Problem.of(
                        404, "user_not_found", "Nobody here is called '%s'.".formatted(name)));
    exchange.record("user.export", user.name(), Map.of());
    send(exchange, user);
  }

  private void send(Exchange exchange, User user) {
    exchange.setHeader("Cache-Control", "no-store");
    exchange.sendMade(
        ZIP, "solebox-export.zip", out -> belongings.orElseThrow().export(user.id(), out));
  }

  private record Wish(String name, Optional<String> password) {}

  /**
   * Asks for the name, so that nobody does it unawares, and for the password, as nobody else may.
   */
  private void delete(Exchange exchange) throws InterruptedException {
    SessionCookie.requireSafe(exchange);
    Wish wish =
        Requests.read(
            exchange,
            "leave",
            fields -> new Wish(required(fields, "name"), fields.string("password")));
    User user = requests.self(exchange);
    if (!wish.name().equals(user.name())) {
      throw Params.invalidValue("name", "'name' must be your own, as it is written here.");
    }
    if (user.hasPassword()) {
      signIn.orElseThrow().again(user, wish.password().orElse(""), origin(exchange));
    }
    requests.accounts().remove(user.name(), user, belongings.orElseThrow());
    SessionCookie.take(exchange);
    exchange.setHeader("Clear-Site-Data", "\"cache\", \"storage\"");
    requests.send(exchange, Map.of("deleted", true));
  }
}
