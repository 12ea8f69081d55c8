package io.solebox.server.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.UserWeights;
import io.solebox.server.accounts.KeyRing.MadeKey;
import io.solebox.server.accounts.KeyRing.NewKey;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Callers;
import io.solebox.server.http.Credential;
import io.solebox.server.http.Permission;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Limits;
import io.solebox.server.limits.Spendings;
import io.solebox.server.seal.Belongings;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who has an account and what becomes of it, seen by a server that remembers whom it knows. */
class AccountsTest {
  private static final String ME = "console";
  private static final Callers LOCAL = Callers.ofThisMachine(Account.unlimited());

  @TempDir private Path folder;
  private Path file;
  private Database database;
  private Instant now = Instant.parse("2026-11-29T12:00:00Z");
  private Accounts accounts;
  private AccountCallers callers;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneOffset getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @BeforeEach
  void open() {
    file = folder.resolve("server.db");
    database = ServerTables.open(file);
    accounts = new Accounts(database, AuditLog.of(database, folder), clock);
    callers = callers(false);
  }

  private AccountCallers callers(boolean required) {
    var limits = new LimitBook(Limits.NONE, System::nanoTime, Spendings.NONE, UserWeights.EQUAL);
    return new AccountCallers(database, LOCAL, required, limits, clock);
  }

  @AfterEach
  void close() {
    callers.close();
    database.close();
  }

  private User add(String name, Role role) throws InterruptedException {
    return accounts.add(ME, NewUser.active(name, role, Optional.empty()), Optional.empty());
  }

  private MadeKey key(User user) {
    return accounts.keys().add(ME, user, plain("laptop"));
  }

  private static NewKey plain(String name) {
    return new NewKey(name, List.of("*"), List.of(), List.of(), false, Optional.empty());
  }

  private Optional<Caller> find(MadeKey key) {
    return callers.find(new Credential.Key(key.secret()));
  }

  private static void refused(ErrorCode code, Runnable work) {
    SoleboxException error = assertThrows(SoleboxException.class, work::run);
    assertEquals(code, error.code());
    assertFalse(error.remedy().isEmpty());
  }

  @Test
  void asLongAsNobodyHasAnAccountThePersonHereDoesEverything() throws InterruptedException {
    assertTrue(callers.nameless().orElseThrow().administrator());
    User anna = add("Anna", Role.ADMIN);
    assertTrue(callers.nameless().isEmpty());
    assertTrue(callers.find(new Credential.Key("")).isEmpty());
    Caller caller = find(key(anna)).orElseThrow();
    assertEquals(anna.id(), caller.owner());
    assertEquals("Anna", caller.name());
  }

  @Test
  void nobodyIsLetInWhereAccountsAreRequired() {
    try (var strict = callers(true)) {
      assertTrue(strict.nameless().isEmpty());
      assertTrue(strict.find(new Credential.Key("anything")).isEmpty());
      assertEquals("setup_required", strict.stranger(Optional.empty()).code());
    }
  }

  @Test
  void theFirstIsAnAdministratorAndTheLastStays() throws InterruptedException {
    refused(ErrorCode.INVALID_PARAMETER, () -> quietly(() -> add("ben", Role.USER)));
    User anna = add("anna", Role.ADMIN);
    refused(ErrorCode.INVALID_PARAMETER, () -> accounts.remove(ME, anna, nothing()));
    refused(ErrorCode.INVALID_PARAMETER, () -> accounts.disable(ME, anna));
    refused(ErrorCode.INVALID_PARAMETER, () -> accounts.setRole(ME, anna, Role.USER));
    User ben = add("ben", Role.ADMIN);
    accounts.disable(ME, ben);
    refused(ErrorCode.INVALID_PARAMETER, () -> accounts.remove(ME, anna, nothing()));
    accounts.enable(ME, ben);
    accounts.remove(ME, anna, nothing());
    refused(ErrorCode.INVALID_PARAMETER, () -> accounts.store().named("anna"));
  }

  /** A step that may wait. */
  private interface Step {
    void run() throws InterruptedException;
  }

  private static void quietly(Step step) {
    try {
      step.run();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void namesAreOnePersonsInAnyCase() throws InterruptedException {
    add("Anna", Role.ADMIN);
    refused(ErrorCode.INVALID_PARAMETER, () -> quietly(() -> add("ANNA", Role.USER)));
    assertEquals("Anna", accounts.store().named("aNNa").name());
    for (String bad : List.of("", " anna", "a b", "-a", "a".repeat(65), "a\nb", "a/b")) {
      refused(ErrorCode.INVALID_PARAMETER, () -> quietly(() -> add(bad, Role.USER)));
    }
    assertEquals("Žofie", add("Žofie", Role.USER).name());
  }

  @Test
  void whatAnotherProcessChangesCountsAtOnce() throws InterruptedException {
    User anna = add("anna", Role.ADMIN);
    User ben = add("ben", Role.USER);
    MadeKey first = key(ben);
    MadeKey second = key(ben);
    assertTrue(find(first).isPresent());
    try (Database other = ServerTables.open(file)) {
      Accounts theirs = new Accounts(other, AuditLog.of(other, folder), clock);
      theirs.keys().revoke(ME, first.key());
      assertTrue(find(first).isEmpty());
      assertTrue(find(second).isPresent());
      theirs.disable(ME, ben);
      assertTrue(find(second).isEmpty());
      theirs.enable(ME, ben);
      assertTrue(find(second).isPresent());
      theirs.setRole(ME, ben, Role.VIEWER);
      assertFalse(find(second).orElseThrow().rights().has(Permission.USE_MODELS));
      theirs.remove(ME, ben, nothing());
      assertTrue(find(second).isEmpty());
      assertFalse(callers.owner(ben.id()).rights().has(Permission.SEE));
      assertTrue(callers.owner(anna.id()).rights().has(Permission.USE_MODELS));
    }
  }

  @Test
  void keysOpenWhatTheyAreFor() throws InterruptedException {
    User anna = add("anna", Role.ADMIN);
    NewKey narrow =
        new NewKey(
            "ci",
            List.of("echo*", "other"),
            List.of("chat"),
            List.of("rpm=1"),
            false,
            Optional.of(Duration.ofDays(90)));
    MadeKey made = accounts.keys().add(ME, anna, narrow);
    assertTrue(made.secret().startsWith("sb-"));
    var rights = find(made).orElseThrow().rights();
    assertTrue(rights.models().matches("Echo-2"));
    assertFalse(rights.models().matches("qwen"));
    assertTrue(rights.scope().covers(Permission.USE_MODELS, "/v1/chat/completions"));
    assertFalse(rights.scope().covers(Permission.USE_MODELS, "/v1/embeddings"));
    assertFalse(rights.scope().covers(Permission.ADMINISTRATE, "/v1/models/load"));
    assertFalse(rights.has(Permission.OWN_ACCOUNT));
    assertFalse(
        find(key(anna)).orElseThrow().rights().scope().covers(Permission.ADMINISTRATE, "/"));
    now = now.plus(Duration.ofDays(90));
    assertTrue(find(made).isEmpty());
    refused(
        ErrorCode.INVALID_PARAMETER,
        () ->
            accounts
                .keys()
                .add(
                    ME,
                    anna,
                    new NewKey(
                        "x", List.of("*"), List.of("caht"), List.of(), false, Optional.empty())));
    refused(
        ErrorCode.INVALID_PARAMETER,
        () ->
            accounts
                .keys()
                .add(
                    ME,
                    anna,
                    new NewKey(
                        "x", List.of("*"), List.of(), List.of("rpm"), false, Optional.empty())));
    refused(ErrorCode.INVALID_PARAMETER, () -> accounts.keys().byId("key_none"));
  }

  @Test
  void limitsOfKeyPersonAndGroupCountTogether() throws InterruptedException {
    add("anna", Role.ADMIN);
    accounts.set(
        ME,
        Group.open("family")
            .withModels(List.of("small*"))
            .withLimits(List.of("rpm=3", "weight=2", "background"))
            .withShared(List.of("rpm=4")));
    User ben = add("ben", Role.USER);
    User cleo = add("cleo", Role.USER);
    accounts.setGroup(ME, ben, Optional.of("family"));
    accounts.setGroup(ME, cleo, Optional.of("family"));
    refused(ErrorCode.IN_USE, () -> accounts.removeGroup(ME, "family"));
    refused(
        ErrorCode.INVALID_PARAMETER, () -> accounts.setGroup(ME, ben, Optional.of("strangers")));
    MadeKey narrow =
        accounts
            .keys()
            .add(
                ME,
                ben,
                new NewKey(
                    "n",
                    List.of("*"),
                    List.of(),
                    List.of("concurrent=1"),
                    false,
                    Optional.empty()));
    Caller byKey = find(narrow).orElseThrow();
    Caller byOther = find(key(ben)).orElseThrow();
    Account third = find(key(cleo)).orElseThrow().account();
    assertEquals(2, byKey.account().limits().weight().orElse(1));
    assertTrue(third.limits().background());
    assertFalse(byOther.rights().models().matches("large"));
    assertTrue(byKey.account().begin().isEmpty());
    assertEquals("concurrent_requests", byKey.account().begin().orElseThrow().limit().wireName());
    assertTrue(byOther.account().begin().isEmpty());
    assertTrue(byOther.account().begin().isEmpty());
    assertEquals(3, byOther.account().begin().orElseThrow().most()); // all that are ben's
    assertTrue(third.begin().isEmpty());
    assertEquals(4, third.begin().orElseThrow().most()); // all that are the family's
  }

  @Test
  void lastUsesAreWrittenBesideTheRequests() throws InterruptedException {
    MadeKey made = key(add("anna", Role.ADMIN));
    find(made);
    assertTrue(accounts.keys().byId(made.key().id()).lastUse().isEmpty());
    callers.close();
    assertEquals(Optional.of(now), accounts.keys().byId(made.key().id()).lastUse());
  }

  /** How many seconds a guess at the name has to wait; 0 if it need not. */
  private long guess(SignInDelays delays, String name, String address) {
    return switch (delays.begin(name, address)) {
      case SignInDelays.Outcome.Goes _ -> 0;
      case SignInDelays.Outcome.Waits(Duration time) -> time.toSeconds();
    };
  }

  @Test
  void guessesWaitLongerAndLongerButNeverForGood() {
    SignInDelays delays = new SignInDelays(database, clock);
    for (int failures = 1; failures <= 12; failures++) {
      assertEquals(0, guess(delays, "anna", "10.0.0." + failures));
      if (failures > 3) {
        long wait = Math.min(60, 1L << (failures - 4));
        assertEquals(wait, guess(delays, "ANNA", "10.0.1." + failures));
        now = now.plusSeconds(wait);
      }
    }
    // Another process, or the same after another start, knows it as well.
    assertEquals(0, guess(delays, "anna", "10.0.2.1"));
    assertEquals(60, guess(new SignInDelays(database, clock), "anna", "10.0.2.2"));
    assertEquals(0, guess(delays, "ben", "10.0.2.2")); // nobody else waits for that
    now = now.plus(Duration.ofDays(1)).plusSeconds(1);
    for (int i = 0; i < 3; i++) {
      assertEquals(0, guess(delays, "anna", "10.0.3." + i));
    }
  }

  @Test
  void oneAddressTriesNotAllNames() {
    SignInDelays delays = new SignInDelays(database, clock);
    for (int i = 0; i < 11; i++) {
      assertEquals(0, guess(delays, "name" + i, "2001:db8:0:1:0:0:0:" + i)); // of one network
    }
    assertEquals(1, guess(delays, "another", "2001:db8:0:1:0:0:0:99"));
    assertEquals(0, guess(delays, "another", "2001:db8:0:2:0:0:0:1"));
  }

  @Test
  void noSecretIsInTheFile() throws Exception {
    User anna =
        accounts.add(
            ME,
            NewUser.active("anna", Role.ADMIN, Optional.empty()),
            Optional.of("violet-otter-lamp-41"));
    MadeKey made = key(anna);
    assertNotEquals(made.secret(), key(anna).secret());
    database.close();
    String bytes =
        new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
    assertFalse(bytes.contains(made.secret()));
    assertFalse(bytes.contains("violet-otter"));
    assertTrue(bytes.contains("$argon2id$"));
  }

  private Belongings nothing() {
    return new Belongings(Vault.open(database, Passphrase.NONE, System.err), List.of());
  }
}
