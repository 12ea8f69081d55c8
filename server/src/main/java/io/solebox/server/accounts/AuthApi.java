package io.solebox.server.accounts;

import static io.solebox.server.accounts.Requests.origin;
import static io.solebox.server.accounts.Requests.reads;
import static io.solebox.server.accounts.Requests.required;
import static io.solebox.server.accounts.Requests.writes;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.KeyRing.MadeKey;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.http.Api;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Route;
import io.solebox.server.http.SessionCookie;
import io.solebox.server.storage.HandOver;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What people do with their own accounts: come in, go, change what is theirs. */
public final class AuthApi {
  private final Requests requests;
  private final Optional<SignIn> signIn;
  private final PrintStream log;

  /**
   * @param accounts empty for a server that keeps nothing
   * @param factors what some bring beside their password
   * @param log hears who set the server up
   */
  public AuthApi(
      JsonWriter json, Optional<Accounts> accounts, SecondFactors factors, PrintStream log) {
    this.requests = new Requests(json, accounts);
    this.log = log;
    this.signIn = accounts.map(its -> its.signIn(factors));
  }

  /**
   * @param problems whose words its errors have
   */
  public Api api(Api.ProblemWriter problems) {
    return new Api(
        List.of(
            reads("/auth", Permission.OPEN, this::state),
            open("/auth/setup", this::setUp),
            open("/auth/invitation", this::join),
            open("/auth/sign-up", this::signUp),
            open("/auth/reset", this::reset),
            open("/auth/sign-in", this::password),
            open("/auth/second-factor", this::secondFactor),
            reads("/auth/me", Permission.SEE, this::me),
            Requests.acts("/auth/sign-out", Permission.OWN_ACCOUNT, this::signOut),
            own(Method.POST, "/auth/password", this::changePassword),
            reads("/auth/sessions", Permission.OWN_ACCOUNT, this::sessions),
            own(Method.DELETE, "/auth/sessions", this::endOthers),
            own(Method.DELETE, "/auth/sessions/{id}", this::endSession),
            reads("/auth/keys", Permission.OWN_ACCOUNT, this::keys),
            own(Method.POST, "/auth/keys", this::addKey),
            own(Method.DELETE, "/auth/keys/{id}", this::revokeKey)),
        problems);
  }

  private static Route open(String path, Route.Handler handler) {
    return writes(Method.POST, path, Permission.OPEN, handler);
  }

  private static Route own(Method method, String path, Route.Handler handler) {
    return writes(method, path, Permission.OWN_ACCOUNT, handler);
  }

  private SignIn signIn() {
    requests.accounts();
    return signIn.orElseThrow();
  }

  /** What a page needs to know before anybody is in. */
  private void state(Exchange exchange) {
    Map<String, Object> body = new LinkedHashMap<>();
    boolean none = requests.isEmpty();
    body.put("accounts", !none);
    body.put("sign_up", !none && requests.accounts().invitations().signUpAllowed());
    requests.send(exchange, body);
  }

  /** A name, a password, and what is needed beside them. */
  private record Asked(String code, String name, String password) {}

  private static Asked asked(Exchange exchange, String place, boolean withCode)
      throws InterruptedException {
    SessionCookie.requireSafe(exchange);
    return Requests.read(
        exchange,
        place,
        fields ->
            new Asked(
                withCode ? required(fields, "code") : "",
                required(fields, "name"),
                required(fields, "password")));
  }

  private void setUp(Exchange exchange) throws InterruptedException {
    Asked asked = asked(exchange, "setup", true);
    Invitations invitations = requests.accounts().invitations();
    User user =
        signIn()
            .withCode(
                origin(exchange),
                () -> invitations.setUp(asked.code(), asked.name(), asked.password()));
    SignIn.Outcome.SignedIn in = signIn().admit(user, origin(exchange), "set-up");
    Map<String, Long> handedOver = requests.accounts().handedOver(user);
    log.println(user.name() + " is the first administrator" + HandOver.told(handedOver) + ".");
    Map<String, Object> body = entered(exchange, in);
    body.put("handed_over", handedOver);
    requests.send(exchange, body);
  }

  private void join(Exchange exchange) throws InterruptedException {
    Asked asked = asked(exchange, "join", true);
    Invitations invitations = requests.accounts().invitations();
    User user =
        signIn()
            .withCode(
                origin(exchange),
                () -> invitations.join(asked.code(), asked.name(), asked.password()));
    enter(exchange, signIn().admit(user, origin(exchange), "invitation"));
  }

  private void signUp(Exchange exchange) throws InterruptedException {
    Asked asked = asked(exchange, "sign_up", false);
    Invitations invitations = requests.accounts().invitations();
    signIn()
        .counted(
            origin(exchange),
            () -> {
              invitations.signUp(asked.name(), asked.password());
              return asked;
            });
    requests.send(exchange, Map.of("state", User.State.WAITING.word()));
  }

  private void reset(Exchange exchange) throws InterruptedException {
    SessionCookie.requireSafe(exchange);
    Asked asked =
        Requests.read(
            exchange,
            "reset",
            fields -> new Asked(required(fields, "code"), "", required(fields, "password")));
    Invitations invitations = requests.accounts().invitations();
    User user =
        signIn()
            .withCode(
                origin(exchange), () -> invitations.choosePassword(asked.code(), asked.password()));
    // Whoever has a second factor brings it: the code proves no more than the password did.
    requests.send(exchange, Map.of("user", AccountJson.user(user)));
  }

  private void password(Exchange exchange) throws InterruptedException {
    Asked asked = asked(exchange, "sign_in", false);
    answer(exchange, signIn().password(asked.name(), asked.password(), origin(exchange)));
  }

  private void secondFactor(Exchange exchange) throws InterruptedException {
    SessionCookie.requireSafe(exchange);
    Requests.Proof proof = Requests.proof(exchange);
    answer(exchange, signIn().secondFactor(proof.code(), proof.members(), origin(exchange)));
  }

  private void answer(Exchange exchange, SignIn.Outcome outcome) {
    switch (outcome) {
      case SignIn.Outcome.SignedIn in -> enter(exchange, in);
      case SignIn.Outcome.Further(String code, List<String> kinds, var challenge) -> {
        Map<String, Object> further = new LinkedHashMap<>();
        further.put("code", code);
        further.put("kinds", kinds);
        further.put("challenge", challenge);
        requests.send(exchange, Map.of("second_factor", further));
      }
    }
  }

  private void enter(Exchange exchange, SignIn.Outcome.SignedIn in) {
    requests.send(exchange, entered(exchange, in));
  }

  /** Gives the browser its session; one that it had before ends. */
  private Map<String, Object> entered(Exchange exchange, SignIn.Outcome.SignedIn in) {
    SessionCookie.of(exchange).ifPresent(signIn()::forget);
    SessionCookie.give(exchange, in.token(), SessionStore.LONGEST);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("user", AccountJson.user(in.user()));
    return body;
  }

  private void me(Exchange exchange) {
    Caller caller = exchange.caller().orElseThrow();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(
        "user",
        requests.user(exchange).map(AccountJson::user).orElse(null)); // a key of a file has none
    body.put("name", caller.name());
    body.put(
        "signed_in_by",
        switch (caller.way()) {
          case Caller.Way.Here _ -> "nothing";
          case Caller.Way.FileKey _ -> "key_file";
          case Caller.Way.OwnKey _ -> "key";
          case Caller.Way.SignedIn _ -> "session";
          case Caller.Way.Certified _ -> "certificate";
          case Caller.Way.Absent _ -> throw new IllegalStateException("nobody asks");
        });
    body.put(
        "permissions",
        caller.rights().permissions().stream().sorted().map(Requests::word).toList());
    body.put("models", caller.rights().models().text());
    requests.send(exchange, body);
  }

  private static String session(Exchange exchange) {
    return exchange.caller().map(Caller::way).orElseThrow() instanceof Caller.Way.SignedIn way
        ? way.id()
        : "";
  }

  private void signOut(Exchange exchange) {
    signIn().end(requests.self(exchange), session(exchange));
    SessionCookie.take(exchange);
    // Not the cookies: other servers of this machine have theirs under the same name.
    exchange.setHeader("Clear-Site-Data", "\"cache\", \"storage\"");
    requests.send(exchange, Map.of("deleted", true));
  }

  private void changePassword(Exchange exchange) throws InterruptedException {
    SessionCookie.requireSafe(exchange);
    User user = requests.self(exchange);
    Asked asked =
        Requests.read(
            exchange,
            "password",
            fields ->
                new Asked("", required(fields, "password"), required(fields, "new_password")));
    enter(
        exchange, signIn().changePassword(user, asked.name(), asked.password(), origin(exchange)));
  }

  private void sessions(Exchange exchange) {
    String own = session(exchange);
    List<Map<String, Object>> rows =
        requests.accounts().sessions().of(requests.self(exchange).id()).stream()
            .map(
                session -> {
                  Map<String, Object> row = AccountJson.session(session);
                  row.put("current", session.id().equals(own));
                  return row;
                })
            .toList();
    requests.send(exchange, AccountJson.list(rows));
  }

  private void endOthers(Exchange exchange) {
    signIn().endOthers(requests.self(exchange), session(exchange));
    requests.send(exchange, Map.of("deleted", true));
  }

  private void endSession(Exchange exchange) {
    String id = exchange.parameter("id");
    if (!signIn().end(requests.self(exchange), id)) {
      throw Problem.of(404, "session_not_found", "You have no session '%s'.".formatted(id));
    }
    requests.send(exchange, Map.of("deleted", true));
  }

  private void keys(Exchange exchange) {
    User user = requests.self(exchange);
    List<Map<String, Object>> rows =
        requests.accounts().keys().of(user).stream()
            .map(key -> AccountJson.key(key, user.name()))
            .toList();
    requests.send(exchange, AccountJson.list(rows));
  }

  private void addKey(Exchange exchange) throws InterruptedException {
    User user = requests.self(exchange);
    NewKey wanted = Requests.read(exchange, "key", Requests::newKey);
    MadeKey made = requests.accounts().keys().add(user.name(), user, wanted);
    Map<String, Object> body = AccountJson.key(made.key(), user.name());
    body.put("key", made.secret());
    requests.send(exchange, body);
  }

  private void revokeKey(Exchange exchange) {
    User user = requests.self(exchange);
    String id = exchange.parameter("id");
    UserKey key =
        requests.accounts().keys().of(user).stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(
                () -> Problem.of(404, "key_not_found", "You have no key '%s'.".formatted(id)));
    requests.accounts().keys().revoke(user.name(), key);
    requests.send(exchange, Map.of("deleted", true));
  }
}
