package io.solebox.server.accounts;

import static io.solebox.server.accounts.Requests.actor;
import static io.solebox.server.accounts.Requests.required;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.Invitations.MadeCode;
import io.solebox.server.accounts.Invitations.Wish;
import io.solebox.server.http.Api;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.params.Params;
import io.solebox.server.seal.Belongings;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What administrators do with the accounts of others. */
public final class AdminApi {
  private static final String USER = "/admin/users/{name}";
  private static final String GROUP = "/admin/groups/{name}";

  private final Requests requests;
  private final Optional<Belongings> belongings;

  /**
   * @param accounts empty for a server that keeps nothing
   * @param belongings of those who have accounts; there where these are
   */
  public AdminApi(JsonWriter json, Optional<Accounts> accounts, Optional<Belongings> belongings) {
    this.requests = new Requests(json, accounts);
    this.belongings = belongings;
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            reads("/admin/users", this::users),
            writes(Method.POST, "/admin/users", this::addUser),
            reads(USER, this::showUser),
            writes(Method.PATCH, USER, this::changeUser),
            writes(Method.DELETE, USER, this::removeUser),
            Requests.acts(USER + "/reset", Permission.ADMINISTRATE, this::reset),
            reads("/admin/groups", this::groups),
            writes(Method.PUT, GROUP, this::setGroup),
            writes(Method.DELETE, GROUP, this::removeGroup),
            reads("/admin/keys", this::keys),
            writes(Method.DELETE, "/admin/keys/{id}", this::revokeKey),
            reads("/admin/codes", this::codes),
            writes(Method.POST, "/admin/codes", this::invite),
            writes(Method.DELETE, "/admin/codes/{id}", this::withdraw),
            reads("/admin/settings", this::settings),
            writes(Method.PATCH, "/admin/settings", this::changeSettings)),
        problems);
  }

  private static Route reads(String path, Route.Handler handler) {
    return Requests.reads(path, Permission.ADMINISTRATE, handler);
  }

  private static Route writes(Method method, String path, Route.Handler handler) {
    return Requests.writes(method, path, Permission.ADMINISTRATE, handler);
  }

  private Accounts accounts() {
    return requests.accounts();
  }

  private User named(Exchange exchange) {
    String name = exchange.parameter("name");
    return accounts()
        .store()
        .byName(name)
        .orElseThrow(
            () -> Problem.of(404, "user_not_found", "Nobody here is called '%s'.".formatted(name)));
  }

  private void users(Exchange exchange) {
    requests.send(
        exchange,
        AccountJson.list(accounts().store().users().stream().map(AccountJson::user).toList()));
  }

  private record Asked(NewUser user, Optional<String> password) {}

  private void addUser(Exchange exchange) throws InterruptedException {
    Asked asked =
        Requests.read(
            exchange,
            "user",
            fields ->
                new Asked(
                    NewUser.active(
                        required(fields, "name"),
                        fields.string("role").map(Role::of).orElse(Role.USER),
                        fields.string("group")),
                    fields.string("password")));
    User user = accounts().add(actor(exchange), asked.user(), asked.password());
    Map<String, Object> body = AccountJson.user(user);
    body.put("handed_over", accounts().handedOver(user));
    requests.send(exchange, body);
  }

  private void showUser(Exchange exchange) {
    User user = named(exchange);
    Map<String, Object> body = AccountJson.user(user);
    body.put(
        "keys",
        accounts().keys().of(user).stream().map(k -> AccountJson.key(k, user.name())).toList());
    body.put(
        "sessions",
        accounts().sessions().of(user.id()).stream().map(AccountJson::session).toList());
    requests.send(exchange, body);
  }

  /** What is to be changed; empty where it stays. */
  private record Changes(
      Optional<Role> role,
      Optional<String> group,
      Optional<List<String>> limits,
      Optional<String> state) {}

  private void changeUser(Exchange exchange) throws InterruptedException {
    User user = named(exchange);
    Changes changes =
        Requests.read(
            exchange,
            "change",
            fields ->
                new Changes(
                    fields.string("role").map(Role::of),
                    fields.string("group"),
                    fields.string("limits").map(AccountStore::words),
                    fields.string("state")));
    String actor = actor(exchange);
    changes.state().ifPresent(state -> setState(actor, user, state));
    changes.role().ifPresent(role -> accounts().setRole(actor, user, role));
    changes
        .group()
        .ifPresent(
            group ->
                accounts().setGroup(actor, user, Optional.of(group).filter(g -> !g.isEmpty())));
    changes.limits().ifPresent(words -> accounts().setLimits(actor, user, words));
    requests.send(exchange, AccountJson.user(named(exchange)));
  }

  private void setState(String actor, User user, String state) {
    switch (state) {
      case "active" -> accounts().enable(actor, user);
      case "disabled" -> accounts().disable(actor, user);
      default -> throw Params.invalidValue("state", "'state' must be 'active' or 'disabled'.");
    }
  }

  private void removeUser(Exchange exchange) {
    accounts().remove(actor(exchange), named(exchange), belongings.orElseThrow());
    requests.send(exchange, Map.of("deleted", true));
  }

  private void reset(Exchange exchange) throws InterruptedException {
    User user = named(exchange);
    sendCode(exchange, accounts().invitations().reset(actor(exchange), user));
  }

  private void sendCode(Exchange exchange, MadeCode made) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("code", made.code());
    body.put("expires", made.expires().toString());
    requests.send(exchange, body);
  }

  private void groups(Exchange exchange) {
    requests.send(
        exchange,
        AccountJson.list(accounts().store().groups().stream().map(AccountJson::group).toList()));
  }

  private void setGroup(Exchange exchange) throws InterruptedException {
    String name = exchange.parameter("name");
    Group group =
        Requests.read(
            exchange,
            "group",
            fields ->
                new Group(
                    name,
                    fields.string("models").map(AccountStore::words).orElse(List.of("*")),
                    Requests.words(fields, "limits"),
                    Requests.words(fields, "shared_limits"),
                    Requests.days(fields, "keep_days", 0)));
    accounts().set(actor(exchange), group);
    requests.send(exchange, AccountJson.group(group));
  }

  private void removeGroup(Exchange exchange) {
    accounts().removeGroup(actor(exchange), exchange.parameter("name"));
    requests.send(exchange, Map.of("deleted", true));
  }

  private void keys(Exchange exchange) {
    Map<String, String> names = new HashMap<>();
    accounts().store().users().forEach(user -> names.put(user.id(), user.name()));
    requests.send(
        exchange,
        AccountJson.list(
            accounts().keys().all().stream()
                .map(key -> AccountJson.key(key, names.getOrDefault(key.user(), "")))
                .toList()));
  }

  private void revokeKey(Exchange exchange) {
    accounts().keys().revoke(actor(exchange), accounts().keys().byId(exchange.parameter("id")));
    requests.send(exchange, Map.of("deleted", true));
  }

  private void codes(Exchange exchange) {
    requests.send(
        exchange,
        AccountJson.list(accounts().invitations().open().stream().map(AccountJson::code).toList()));
  }

  private record Invited(Wish wish, Duration life) {}

  private void invite(Exchange exchange) throws InterruptedException {
    Invited invited =
        Requests.read(
            exchange,
            "invite",
            fields ->
                new Invited(
                    new Wish(
                        fields.string("name"),
                        fields.string("role").map(Role::of).orElse(Role.USER),
                        fields.string("group")),
                    fields
                        .whole("days")
                        .map(days -> Duration.ofDays(days.inRange("days", 1, 90)))
                        .orElse(Invitations.usualLife())));
    sendCode(
        exchange, accounts().invitations().invite(actor(exchange), invited.wish(), invited.life()));
  }

  private void withdraw(Exchange exchange) {
    accounts().invitations().withdraw(actor(exchange), exchange.parameter("id"));
    requests.send(exchange, Map.of("deleted", true));
  }

  private void settings(Exchange exchange) {
    requests.send(exchange, Map.of("sign_up", accounts().invitations().signUpAllowed()));
  }

  private void changeSettings(Exchange exchange) throws InterruptedException {
    boolean allowed =
        Requests.read(
            exchange,
            "settings",
            fields -> {
              if (!fields.has("sign_up")) {
                throw Params.missing("sign_up");
              }
              return fields.flag("sign_up");
            });
    accounts().invitations().allowSignUp(actor(exchange), allowed);
    settings(exchange);
  }
}
