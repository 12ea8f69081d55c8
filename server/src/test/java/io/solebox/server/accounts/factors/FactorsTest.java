package io.solebox.server.accounts.factors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.ATime;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.Base32Text;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.accounts.passkeys.Passkey;
import io.solebox.server.accounts.passkeys.RelyingParty;
import io.solebox.server.accounts.passkeys.SoftAuthenticator;
import io.solebox.server.accounts.totp.Enrolment;
import io.solebox.server.accounts.totp.FactorCodes;
import io.solebox.server.accounts.totp.RecoveryCode;
import io.solebox.server.accounts.totp.Totp;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.http.Problem;
import io.solebox.server.seal.Belongings;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people bring beside a password, kept in a database. */
class FactorsTest {
  private final ATime time = new ATime(Instant.ofEpochSecond(1_800_000_000L));
  private Database database;
  private Accounts accounts;
  private Factors factors;
  private User ada;
  private User eve;

  @BeforeEach
  void open(@TempDir Path folder) throws Exception {
    database = ServerTables.open(folder.resolve("state.db"));
    AuditLog audit = AuditLog.of(database, folder);
    accounts = new Accounts(database, audit, time);
    factors =
        Factors.in(database, Seals.with(Vault.open(database, Passphrase.NONE, System.err)), time);
    ada =
        accounts.add("test", NewUser.active("ada", Role.ADMIN, Optional.empty()), Optional.empty());
    eve =
        accounts.add("test", NewUser.active("eve", Role.USER, Optional.empty()), Optional.empty());
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Totp app(Enrolment enrolment) {
    return new Totp(Base32Text.decode(enrolment.secret()));
  }

  private String code(Totp app) {
    return app.code(Totp.step(time.instant()));
  }

  private Optional<FactorCodes.Kind> take(String typed) {
    return database.transaction(sql -> factors.codes().take(sql, ada.id(), typed));
  }

  @Test
  void anAppCountsWhenItHasShownACode() {
    Totp app = app(factors.begin(ada));
    assertFalse(factors.state(ada).app());
    assertEquals(Optional.empty(), take(code(app))); // it opens nothing yet
    assertEquals(Optional.empty(), factors.confirm(ada, "000000"));
    assertFalse(factors.state(ada).app());
    assertEquals(RecoveryCode.COUNT, factors.confirm(ada, code(app)).orElseThrow().size());
    assertTrue(factors.state(ada).app());
    assertEquals(Optional.empty(), take(code(app))); // used up by the confirmation
    time.pass(Duration.ofSeconds(30));
    assertEquals(Optional.of(FactorCodes.Kind.APP), take(code(app)));
    assertEquals(Optional.empty(), take(code(app)));
  }

  @Test
  void secretsAreSealed() {
    byte[] secret = app(factors.begin(ada)).secret();
    byte[] kept =
        database
            .read(sql -> sql.first(row -> row.getBytes(1), "SELECT secret FROM totp"))
            .orElseThrow();
    String text = new String(kept, StandardCharsets.ISO_8859_1);
    assertFalse(text.contains(new String(secret, StandardCharsets.ISO_8859_1)));
    assertFalse(text.contains(HexFormat.of().formatHex(secret)));
  }

  @Test
  void whoBeginsAgainHasTheNewSecretAlone() {
    Totp first = app(factors.begin(ada));
    Totp second = app(factors.begin(ada));
    assertEquals(Optional.empty(), factors.confirm(ada, code(first)));
    assertTrue(factors.confirm(ada, code(second)).isPresent());
    var twice = assertThrows(SoleboxException.class, () -> factors.begin(ada));
    assertEquals(ErrorCode.IN_USE, twice.code());
    assertThrows(SoleboxException.class, () -> factors.confirm(ada, code(second)));
  }

  @Test
  void recoveryCodesCountOnceEachAndOneSetAtATime() {
    Totp app = app(factors.begin(ada));
    List<RecoveryCode> codes = factors.confirm(ada, code(app)).orElseThrow();
    assertEquals(Optional.of(FactorCodes.Kind.RECOVERY), take(codes.getFirst().text()));
    assertEquals(Optional.empty(), take(codes.getFirst().text()));
    assertEquals(9, factors.state(ada).recoveryLeft());
    assertEquals(Optional.empty(), factors.renewRecovery(ada, "wrong"));
    var fresh = factors.renewRecovery(ada, codes.get(1).text()).orElseThrow();
    assertEquals(Optional.empty(), take(codes.get(2).text()));
    assertEquals(Optional.of(FactorCodes.Kind.RECOVERY), take(fresh.get(2).text()));
  }

  @Test
  void rulesSayWhoMustAndKeepTheAppThere() {
    Totp app = app(factors.begin(ada));
    factors.confirm(ada, code(app));
    factors.setRules("test", FactorRules.parse(List.of("role:ADMIN", "role:admin")));
    assertEquals(List.of("role:admin"), factors.rules().words());
    assertTrue(factors.state(ada).required());
    time.pass(Duration.ofSeconds(30));
    var kept = assertThrows(SoleboxException.class, () -> factors.removeApp(ada, code(app)));
    assertEquals(ErrorCode.ACCESS_DENIED, kept.code());
    factors.setRules("test", FactorRules.parse(List.of()));
    assertFalse(factors.removeApp(ada, "000000"));
    assertTrue(factors.removeApp(ada, code(app)));
    assertFalse(factors.state(ada).app());
    assertEquals(0, factors.state(ada).recoveryLeft());
    for (String bad : List.of("admin", "role:king", "group:", "group:nobodys", "")) {
      assertThrows(
          SoleboxException.class,
          () -> factors.setRules("test", FactorRules.parse(List.of(bad))),
          bad);
    }
  }

  private final RelyingParty party = RelyingParty.called("localhost:8080", false);

  private static String json(Map<String, Object> body) {
    return new String(new JsonWriter().bytes(body), StandardCharsets.UTF_8);
  }

  private Passkey add(SoftAuthenticator device, String name) {
    var options = factors.passkeys().creation(party, ada, "here");
    return factors.passkeys().add(ada, name, json(device.create(options)));
  }

  private Passkey signIn(SoftAuthenticator device) {
    String answer = json(device.get(factors.passkeys().request(party, "here")));
    return factors.passkeys().signIn(answer);
  }

  @Test
  void passkeysAreNamedUsedAndRemoved() {
    SoftAuthenticator phone = new SoftAuthenticator("localhost", party.origin());
    SoftAuthenticator key = new SoftAuthenticator("localhost", party.origin());
    Passkey first = add(phone, " my phone ");
    add(key, "key");
    assertEquals(
        List.of("my phone", "key"),
        factors.state(ada).passkeys().stream().map(Passkey::name).sorted().toList().reversed());
    phone.sign();
    assertEquals(ada.id(), signIn(phone).account());
    assertEquals(
        Optional.of(time.instant()),
        factors.passkeys().of(ada.id()).stream()
            .filter(each -> each.id().equals(first.id()))
            .findFirst()
            .orElseThrow()
            .lastUse());
    var copied = assertThrows(Problem.class, () -> signIn(phone)); // the counter stands still
    assertEquals("passkey_copied", copied.code());
    factors.passkeys().rename(ada.id(), first.id(), "old phone");
    assertThrows(Problem.class, () -> factors.passkeys().rename("user_x", first.id(), "mine"));
    assertThrows(Problem.class, () -> factors.passkeys().remove(eve, first.id()));
    factors.passkeys().remove(ada, first.id());
    phone.sign();
    assertEquals(401, assertThrows(Problem.class, () -> signIn(phone)).status());
    factors.reset("test", ada);
    assertTrue(factors.state(ada).passkeys().isEmpty());
  }

  @Test
  void challengesCountOnceAndForWhatTheyWereSent() {
    SoftAuthenticator phone = new SoftAuthenticator("localhost", party.origin());
    var options = factors.passkeys().creation(party, ada, "here");
    String answer = json(phone.create(options));
    var others = assertThrows(Problem.class, () -> factors.passkeys().add(eve, "mine", answer));
    assertEquals("passkey_stale", others.code());
    assertThrows(Problem.class, () -> factors.passkeys().add(ada, "late", answer)); // taken
    add(phone, "phone");
    phone.sign();
    var request = factors.passkeys().request(party, "here");
    String signed = json(phone.get(request));
    factors.passkeys().signIn(signed);
    var replayed = assertThrows(Problem.class, () -> factors.passkeys().signIn(signed));
    assertEquals("passkey_stale", replayed.code());
    phone.sign();
    String slow = json(phone.get(factors.passkeys().request(party, "here")));
    time.pass(Duration.ofMinutes(5));
    assertThrows(Problem.class, () -> factors.passkeys().signIn(slow));
  }

  @Test
  void aPasskeyIsOnePersonsAndOfOneName() throws Exception {
    SoftAuthenticator phone = new SoftAuthenticator("localhost", party.origin());
    add(phone, "phone");
    var options = factors.passkeys().creation(party, eve, "here");
    String second = json(phone.create(options));
    var known = assertThrows(Problem.class, () -> factors.passkeys().add(eve, "p", second));
    assertEquals("passkey_known", known.code());
    phone.sign(); // the device now says that it is Eve's
    assertEquals(401, assertThrows(Problem.class, () -> signIn(phone)).status());
  }

  @Test
  void whatIsOfSomebodyGoesWithThem() throws Exception {
    User bob =
        accounts.add("test", NewUser.active("bob", Role.USER, Optional.empty()), Optional.empty());
    Totp app = app(factors.begin(bob));
    factors.confirm(bob, code(app));
    Vault vault = Vault.open(database, Passphrase.NONE, System.err);
    accounts.remove("test", bob, new Belongings(vault, List.of()));
    for (String table : List.of("totp", "recovery_code", "passkey")) {
      assertEquals(
          0,
          database
              .read(sql -> sql.first(row -> row.getInt(1), "SELECT COUNT(*) FROM " + table))
              .orElseThrow(),
          table);
    }
  }
}
