package io.solebox.server.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.generation.UserWeights;
import io.solebox.server.SetClock;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.http.Callers;
import io.solebox.server.http.Credential;
import io.solebox.server.limits.Account;
import io.solebox.server.limits.Limits;
import io.solebox.server.limits.Spendings;
import io.solebox.server.seal.Belongings;
import io.solebox.server.seal.Passphrase;
import io.solebox.server.seal.Vault;
import io.solebox.server.storage.ServerTables;
import io.solebox.storage.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long somebody stays signed in. */
class SessionEndsTest {
  private static final String ME = "console";
  private static final Duration NEARLY_IDLE = SessionStore.IDLE.minusMinutes(1);

  @TempDir private Path folder;
  private final SetClock clock = new SetClock(Instant.parse("2026-11-29T12:00:00Z").toEpochMilli());
  private Database database;
  private Accounts accounts;
  private AccountCallers callers;
  private User anna;

  @BeforeEach
  void open() throws InterruptedException {
    database = ServerTables.open(folder.resolve("server.db"));
    accounts = new Accounts(database, AuditLog.of(database, folder), clock);
    var limits = new LimitBook(Limits.NONE, System::nanoTime, Spendings.NONE, UserWeights.EQUAL);
    callers =
        new AccountCallers(
            database, Callers.ofThisMachine(Account.unlimited()), true, limits, clock);
    anna = add("anna");
  }

  @AfterEach
  void close() {
    callers.close();
    database.close();
  }

  private User add(String name) throws InterruptedException {
    return accounts.add(ME, NewUser.active(name, Role.ADMIN, Optional.empty()), Optional.empty());
  }

  private String begin(User user) {
    return database.transaction(
        sql -> accounts.sessions().begin(sql, user.id(), "127.0.0.1", "test"));
  }

  private boolean opens(String token) {
    return callers.find(new Credential.Session(token)).isPresent();
  }

  private void pass(Duration time) {
    clock.pass(time);
  }

  @Test
  void unusedItEndsAfterThreeDays() {
    String token = begin(anna);
    pass(NEARLY_IDLE);
    assertTrue(opens(token)); // which is a use
    pass(NEARLY_IDLE);
    assertTrue(opens(token));
    pass(SessionStore.IDLE);
    assertFalse(opens(token));
  }

  @Test
  void withOneTooManyThatEndsWhichWasUnusedForLongest() throws InterruptedException {
    String unused = begin(anna);
    String other = begin(add("ben"));
    pass(Duration.ofMinutes(1));
    List<String> rest =
        database.transaction(
            sql -> {
              List<String> tokens = new ArrayList<>();
              for (int i = 1; i < SessionStore.MOST; i++) {
                tokens.add(accounts.sessions().begin(sql, anna.id(), "127.0.0.1", "test"));
              }
              return tokens;
            });
    SignIn.Origin here = new SignIn.Origin("127.0.0.1", "test");
    String last = accounts.signIn(SecondFactors.NONE).admit(anna, here, "test").token();
    assertFalse(opens(unused));
    assertTrue(opens(last) && opens(other) && rest.stream().allMatch(this::opens));
    List<String> told =
        database.read(
            sql ->
                sql.list(
                    row -> row.getString(1),
                    "SELECT details FROM audit WHERE action = 'session.end'"));
    assertEquals(1, told.size(), told::toString);
    assertTrue(told.getFirst().contains("one too many"), told::toString);
  }

  @Test
  void usedItEndsAfterThirtyDays() {
    String token = begin(anna);
    for (int day = 0; day < 29; day++) {
      pass(Duration.ofDays(1));
      assertTrue(opens(token), "day " + day);
    }
    pass(Duration.ofDays(1));
    assertFalse(opens(token));
  }

  @Test
  void whoIsDisabledOrGoneIsOutAtOnce() throws InterruptedException {
    add("ben");
    String disabled = begin(anna);
    assertTrue(opens(disabled));
    User now = accounts.disable(ME, anna);
    assertFalse(opens(disabled));
    accounts.enable(ME, now);
    assertFalse(opens(disabled)); // letting somebody in again begins nothing again
    String gone = begin(anna);
    assertTrue(opens(gone));
    accounts.remove(ME, anna, nothing());
    assertFalse(opens(gone));
  }

  private Belongings nothing() {
    return new Belongings(Vault.open(database, Passphrase.NONE, System.err), List.of());
  }
}
