package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.audit.Entry;
import io.solebox.server.storage.HandOver;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What all that changes accounts stands on. Safe for many threads. */
record Registry(
    Database database,
    AuditLog audit,
    AccountStore store,
    KeyStore keys,
    SessionStore sessions,
    Codes codes,
    Passwords passwords,
    Clock clock) {
  static Registry of(Database database, AuditLog audit, Clock clock) {
    return new Registry(
        database,
        audit,
        new AccountStore(database, clock),
        new KeyStore(database),
        new SessionStore(database, clock),
        new Codes(clock),
        new Passwords(),
        clock);
  }

  /**
   * Changes who may do what: whoever remembers something of it forgets that.
   *
   * @throws io.solebox.engine.error.SoleboxException what {@code work} throws, and nothing has
   *     changed
   */
  <T> T change(Database.Work<T> work) {
    return database.transaction(
        sql -> {
          T result = work.run(sql);
          sql.update("UPDATE account_version SET version = version + 1");
          return result;
        });
  }

  /** Writes to the audit log that it was done, as a part of doing it. */
  void tell(Sql sql, String action, String actor, String subject, Map<String, String> details)
      throws SQLException {
    audit.append(sql, new Entry(action, actor, subject, details));
  }

  /**
   * What is kept of a password.
   *
   * @param user whose it is to be
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} if the name is none,
   *     or the password too easy
   */
  Optional<String> hash(String user, Optional<String> password) throws InterruptedException {
    Names.check(user, "name");
    if (password.isEmpty()) {
      return Optional.empty();
    }
    PasswordRules.check(password.get(), user);
    return Optional.of(passwords.hash(password.get()));
  }

  /**
   * Adds somebody; the first gets what was kept here before.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} if that is no
   *     administrator
   */
  User add(Sql sql, String actor, NewUser wanted, Optional<String> hash) throws SQLException {
    boolean first = AccountStore.isEmpty(sql);
    if (first) {
      requireAdmin(wanted);
    }
    User user = store.add(sql, wanted, hash);
    Map<String, String> details = new HashMap<>();
    details.put("role", wanted.role().word());
    details.put("state", wanted.state().word());
    wanted.group().ifPresent(group -> details.put("group", group));
    if (first) {
      Map<String, Long> handedOver = HandOver.to(sql, user.id());
      details.put("handed-over", handedOver.isEmpty() ? "nothing" : HandOver.words(handedOver));
    }
    tell(sql, "user.add", actor, user.name(), details);
    return user;
  }

  /** Whoever is first must be able to let others in. */
  private static void requireAdmin(NewUser first) {
    if (first.role() != Role.ADMIN || first.state() != User.State.ACTIVE) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "role",
          "The first account is an administrator's.",
          "Add one first: solebox users add NAME --role admin");
    }
  }

  User user(Sql sql, User before) throws SQLException {
    return AccountStore.byId(sql, before.id())
        .orElseThrow(() -> AccountStore.unknown(before.name()));
  }
}
