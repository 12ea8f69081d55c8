package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.Base32Text;
import io.solebox.server.accounts.factors.FactorRules;
import io.solebox.server.accounts.factors.Factors;
import io.solebox.server.accounts.factors.Seals;
import io.solebox.server.accounts.oidc.FakeIssuer;
import io.solebox.server.accounts.passkeys.SoftAuthenticator;
import io.solebox.server.accounts.totp.Totp;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people bring beside a password, or in place of it, through the API alone. */
class SignInWaysTest {
  private static final String PASSWORD = "violet-otter-lamp";

  @TempDir private static Path folder;
  private static final FakeIssuer ISSUER = new FakeIssuer();
  private static TestServer server;
  private static Visitor anna;

  @BeforeAll
  static void setUp() throws IOException {
    server =
        new TestServer(
            ServerConfig.defaults()
                .withStateFile(folder.resolve("server.db"))
                .withAccounts()
                .withOidc(ISSUER.settings()));
    anna = new Visitor(server, "localhost");
    String code = server.server.setUpCode().orElseThrow().code();
    ok(anna, "/auth/setup", Map.of("code", code, "name", "anna", "password", PASSWORD));
    ok(anna, "PUT", "/admin/groups/staff", Map.of());
  }

  @AfterAll
  static void close() {
    server.close();
    ISSUER.close();
  }

  private static String json(Map<String, ?> body) {
    return new String(new JsonWriter().bytes(body), StandardCharsets.UTF_8);
  }

  private static RawClient.Answer post(Visitor who, String path, Map<String, ?> body)
      throws IOException {
    return who.post(path, body.isEmpty() ? "" : json(body));
  }

  private static Map<String, Object> ok(Visitor who, String path, Map<String, ?> body)
      throws IOException {
    return ok(who, "POST", path, body);
  }

  private static Map<String, Object> ok(
      Visitor who, String method, String path, Map<String, ?> body) throws IOException {
    String text = body.isEmpty() && !method.equals("PUT") ? "" : json(body);
    RawClient.Answer answer = who.call(method, path, text);
    assertEquals(200, answer.status(), answer::text);
    return new JsonReader(JsonLimits.LOCAL)
        .readObject(answer.text().getBytes(StandardCharsets.UTF_8));
  }

  private static Visitor stranger() {
    return new Visitor(server, "localhost");
  }

  /** Somebody who was invited, and is in. */
  private static Visitor join(String name) throws IOException {
    Object code = ok(anna, "/admin/codes", Map.of("name", name)).get("code");
    Visitor visitor = stranger();
    ok(visitor, "/auth/invitation", Map.of("code", code, "name", name, "password", PASSWORD));
    return visitor;
  }

  private static RawClient.Answer signIn(Visitor who, String name) throws IOException {
    return post(who, "/auth/sign-in", Map.of("name", name, "password", PASSWORD));
  }

  /** An app that has a secret, and is not confirmed yet. */
  private static Totp app(Visitor who) throws IOException {
    Map<String, Object> begun = ok(who, "/auth/factors/app", Map.of("password", PASSWORD));
    assertTrue(((String) begun.get("svg")).startsWith("<svg "));
    return new Totp(Base32Text.decode((String) begun.get("secret")));
  }

  private static String code(Totp app, int stepsAway) {
    return app.code(Totp.step(Instant.now()) + stepsAway);
  }

  @Test
  void anAppIsASecondStepAndRecoveryCodesStandInForIt() throws IOException {
    Visitor bert = join("bert");
    RawClient.Answer wrong = post(bert, "/auth/factors/app", Map.of("password", "not my password"));
    assertEquals(401, wrong.status(), wrong::text);
    Totp app = app(bert);
    String first = code(app, -1);
    List<?> codes =
        (List<?>)
            ok(bert, "/auth/factors/app/confirm", Map.of("code", first)).get("recovery_codes");
    assertEquals(10, codes.size());

    Visitor again = stranger();
    RawClient.Answer half = signIn(again, "bert");
    assertEquals(List.of("totp", "recovery_code"), half.at("second_factor.kinds"));
    assertEquals(401, again.get("/auth/me").status());
    Object ticket = half.at("second_factor.code");
    RawClient.Answer replayed =
        post(again, "/auth/second-factor", Map.of("code", ticket, "totp", first));
    assertEquals(401, replayed.status(), replayed::text);
    Visitor paper = stranger();
    Object other = signIn(paper, "bert").at("second_factor.code");
    ok(paper, "/auth/second-factor", Map.of("code", other, "recovery_code", codes.get(3)));
    assertEquals("bert", paper.get("/auth/me").at("user.name"));
    assertEquals(9L, paper.get("/auth/factors").at("recovery_codes_left"));

    Map<String, Object> removal = Map.of("password", PASSWORD, "code", code(app, 1));
    ok(paper, "/auth/factors/app/remove", removal);
    assertEquals(false, paper.get("/auth/factors").at("app"));
    assertEquals("bert", signIn(stranger(), "bert").at("user.name"));
  }

  @Test
  void passkeysSignInWithoutAPassword() throws IOException {
    Visitor carl = join("carl");
    int port = server.server.port();
    SoftAuthenticator phone = new SoftAuthenticator("localhost", "http://localhost:" + port);
    Map<String, Object> options = ok(carl, "/auth/passkeys/creation", Map.of("password", PASSWORD));
    Map<String, Object> made = Map.of("name", "my phone", "credential", phone.create(options));
    Object id = ok(carl, "/auth/passkeys", made).get("id");

    Visitor again = stranger();
    phone.sign();
    Map<String, Object> request = ok(again, "/auth/passkeys/request", Map.of());
    Map<String, Object> answer = Map.of("credential", phone.get(request));
    ok(again, "/auth/passkeys/sign-in", answer);
    assertEquals("carl", again.get("/auth/me").at("user.name"));
    assertEquals(
        "my phone",
        ((Map<?, ?>) ((List<?>) again.get("/auth/factors").at("passkeys")).getFirst()).get("name"));
    assertEquals(400, post(stranger(), "/auth/passkeys/sign-in", answer).status()); // once

    ok(again, "/auth/passkeys/" + id + "/name", Map.of("name", "old phone"));
    assertEquals(404, anna.call("DELETE", "/auth/passkeys/" + id, "").status());
    ok(again, "DELETE", "/auth/passkeys/" + id, Map.of());
    phone.sign();
    Map<String, Object> gone = ok(stranger(), "/auth/passkeys/request", Map.of());
    assertEquals(
        401,
        post(stranger(), "/auth/passkeys/sign-in", Map.of("credential", phone.get(gone))).status());
  }

  @Test
  void addressesHaveNoPasskeysAndSayWhy() throws IOException {
    Visitor byAddress = new Visitor(server);
    RawClient.Answer refused = byAddress.post("/auth/passkeys/request", "");
    assertEquals(400, refused.status());
    assertEquals("passkeys_need_a_name", refused.at("error.code"));
    RawClient.Answer ways = byAddress.get("/auth/ways");
    assertEquals(false, ways.at("passkeys"));
    assertTrue(((String) ways.at("no_passkeys_because")).contains("name"), ways::text);
    assertEquals(true, anna.get("/auth/ways").at("passkeys"));
    assertEquals(ISSUER.issuer(), anna.get("/auth/ways").at("oidc"));
  }

  @Test
  void whoMustHaveAnAppSetsItUpOnTheWayIn() throws IOException {
    join("dora");
    ok(anna, "PATCH", "/admin/users/dora", Map.of("group", "staff"));
    try (Database database = ServerTables.open(folder.resolve("server.db"))) {
      Factors.in(database, Seals.CLOSED, Clock.systemUTC())
          .setRules("test", FactorRules.parse(List.of("group:staff")));
    }
    Visitor dora = stranger();
    RawClient.Answer half = signIn(dora, "dora");
    assertEquals(List.of("totp_enrolment"), half.at("second_factor.kinds"));
    String secret = (String) half.at("second_factor.challenge.totp_enrolment.secret");
    Totp app = new Totp(Base32Text.decode(secret));
    Map<String, Object> proof =
        Map.of("code", half.at("second_factor.code"), "totp_enrolment", code(app, 0));
    ok(dora, "/auth/second-factor", proof);
    assertEquals(true, dora.get("/auth/factors").at("app"));
    RawClient.Answer kept =
        post(dora, "/auth/factors/app/remove", Map.of("password", PASSWORD, "code", code(app, 1)));
    assertNotEquals(200, kept.status());
    assertEquals(
        List.of("totp", "recovery_code"), signIn(stranger(), "dora").at("second_factor.kinds"));

    // An administrator sees that there is an app, and forgets it; never the secret.
    assertEquals(403, dora.get("/admin/users/dora/factors").status());
    RawClient.Answer shown = anna.get("/admin/users/dora/factors");
    assertEquals(true, shown.at("app"), shown::text);
    assertFalse(shown.text().contains(secret), shown::text);
    assertEquals(404, anna.call("DELETE", "/admin/users/dora/factors/none", "").status());
    RawClient.Answer removed = anna.call("DELETE", "/admin/users/dora/factors/app", "");
    assertEquals(200, removed.status(), removed::text);
    assertEquals(false, anna.get("/admin/users/dora/factors").at("app"));
    assertEquals(404, anna.call("DELETE", "/admin/users/dora/factors/app", "").status());
    assertEquals("dora", anna.get("/admin/audit?action=factor.remove").at("data.0.subject"));
  }

  /** Goes to the issuer and comes back. */
  private static RawClient.Answer through(Visitor who) throws IOException {
    RawClient.Answer away = who.get("/auth/oidc/start");
    assertEquals(302, away.status(), away::text);
    String cookie = away.header("Set-Cookie");
    assertTrue(
        cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/;")
            && cookie.contains("HttpOnly")
            && !cookie.contains("Domain"),
        cookie);
    assertEquals(cookie.contains("; Secure"), cookie.startsWith("__Host-solebox-oidc="), cookie);
    return back(who, away.header("Location"));
  }

  private static RawClient.Answer back(Visitor who, String location) throws IOException {
    var answer = ISSUER.back(URI.create(location));
    return who.get("/auth/oidc/callback?state=%s&code=%s".formatted(answer.state(), answer.code()));
  }

  @Test
  void anIssuerSignsPeopleIn() throws IOException {
    ISSUER.claims = claims -> claims.subject("emil-1").claim("preferred_username", "emil");
    Visitor emil = stranger();
    RawClient.Answer in = through(emil);
    assertEquals(302, in.status());
    assertEquals("/", in.header("Location"));
    assertEquals("emil", emil.get("/auth/me").at("user.name"));
    assertEquals("staff", emil.get("/auth/me").at("user.group"));
    assertEquals("user", emil.get("/auth/me").at("user.role"));
    Visitor again = stranger();
    ISSUER.claims = claims -> claims.subject("emil-1").claim("preferred_username", "renamed");
    through(again);
    assertEquals("emil", again.get("/auth/me").at("user.name"));

    // A name that is taken is nobody else's.
    ISSUER.claims = claims -> claims.subject("evil-1").claim("preferred_username", "Anna");
    Visitor thief = stranger();
    assertEquals("/signin?oidc=name", through(thief).header("Location"));
    assertEquals(401, thief.get("/auth/me").status());

    // Unless she says so herself.
    ISSUER.claims = claims -> claims.subject("anna-1").claim("preferred_username", "Anna");
    String there = (String) ok(anna, "/auth/oidc/link", Map.of()).get("url");
    assertEquals("/desk#account", back(anna, there).header("Location"));
    Visitor annaAgain = stranger();
    assertEquals("/", through(annaAgain).header("Location"));
    assertEquals("anna", annaAgain.get("/auth/me").at("user.name"));

    ISSUER.claims = claims -> claims.subject("fred-1").claim("groups", List.of("others"));
    assertEquals("/signin?oidc=group", through(stranger()).header("Location"));
    ISSUER.claims = claims -> claims.claim("nonce", "another");
    assertEquals("/signin?oidc=failed", through(stranger()).header("Location"));
    ISSUER.claims = claims -> claims;
    // The answer of one browser is none of another's.
    String location = stranger().get("/auth/oidc/start").header("Location");
    assertEquals("/signin?oidc=failed", back(stranger(), location).header("Location"));
    assertEquals(
        "/signin?oidc=cancelled",
        stranger().get("/auth/oidc/callback?error=access_denied&state=x").header("Location"));
  }

  @Test
  void thePagesAreThereForEverybody() throws IOException {
    for (String path : List.of("/signin", "/setup", "/desk")) {
      RawClient.Answer page = stranger().get(path);
      assertEquals(200, page.status());
      assertFalse(page.text().contains("<style") || page.text().contains(" style="), path);
      assertFalse(page.text().matches("(?s).*<script(?![^>]*src=)[^>]*>.*"), path);
    }
    assertEquals("/desk#account", stranger().get("/account").header("Location"));
  }
}
