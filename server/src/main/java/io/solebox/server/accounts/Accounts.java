package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Globs;
import io.solebox.server.limits.Limits;
import io.solebox.server.storage.Database;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * Who may use a server, and what may be done about that, by whoever may do it: a command at this
 * machine, or a request. A server that runs on the same file sees all of it at its next request.
 * Safe for many threads.
 */
public final class Accounts {
  private static final String KEY_PREFIX = "sb-";
  private static final int SHOWN = KEY_PREFIX.length() + 6;

  private final Database database;
  private final Clock clock;
  private final AccountStore store;
  private final KeyStore keys;
  private final SessionStore sessions;
  private final Codes codes;
  private final Passwords passwords = new Passwords();

  public Accounts(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
    this.store = new AccountStore(database, clock);
    this.keys = new KeyStore(database);
    this.sessions = new SessionStore(database, clock);
    this.codes = new Codes(clock);
  }

  /** People and groups. */
  public AccountStore store() {
    return store;
  }

  public KeyStore keys() {
    return keys;
  }

  public SessionStore sessions() {
    return sessions;
  }

  /**
   * Adds somebody who can get in at once.
   *
   * @param actor who does that, for the log
   * @param password empty where they are to sign in otherwise, or with a code from {@link #reset}
   * @throws SoleboxException {@code INVALID_PARAMETER} if the name is taken or none, the password
   *     too easy, or there is no such group
   */
  public User add(String actor, NewUser wanted, Optional<String> password)
      throws InterruptedException {
    Names.check(wanted.name(), "name");
    Optional<String> hash = Optional.empty();
    if (password.isPresent()) {
      PasswordRules.check(password.get(), wanted.name());
      hash = Optional.of(passwords.hash(password.get()));
    }
    Optional<String> kept = hash;
    return AccountStore.change(
        database,
        sql -> {
          if (AccountStore.isEmpty(sql)) {
            requireAdmin(wanted);
          }
          return store.add(sql, wanted, kept);
        });
  }

  /** Whoever is first must be able to let others in. */
  private static void requireAdmin(NewUser first) {
    if (first.role() != Role.ADMIN) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "role",
          "The first account is an administrator's.",
          "Add one first: solebox users add NAME --role admin");
    }
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is the last administrator
   */
  public User setRole(String actor, User user, Role role) {
    return AccountStore.change(
        database,
        sql -> {
          if (role != Role.ADMIN) {
            AccountStore.requireOtherAdmin(sql, user);
          }
          store.setRole(sql, user, role);
          sessions.endAll(sql, user.id()); // who may do something else signs in anew
          return AccountStore.byId(sql, user.id()).orElseThrow();
        });
  }

  /**
   * @param group empty for none
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is no such group
   */
  public User setGroup(String actor, User user, Optional<String> group) {
    return AccountStore.change(
        database,
        sql -> {
          store.setGroup(sql, user, group);
          return AccountStore.byId(sql, user.id()).orElseThrow();
        });
  }

  /**
   * @param words none for those of the group
   * @throws SoleboxException {@code INVALID_PARAMETER} if one is no limit
   */
  public User setLimits(String actor, User user, List<String> words) {
    Limits.parse(words, "limits");
    return AccountStore.change(
        database,
        sql -> {
          store.setLimits(sql, user, words);
          return AccountStore.byId(sql, user.id()).orElseThrow();
        });
  }

  /** Lets somebody in: who has signed up, or was disabled. */
  public User enable(String actor, User user) {
    return AccountStore.change(
        database,
        sql -> {
          store.setState(sql, user, User.State.ACTIVE);
          return AccountStore.byId(sql, user.id()).orElseThrow();
        });
  }

  /**
   * Lets somebody in no more, until {@link #enable}; what is theirs stays.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is the last administrator
   */
  public User disable(String actor, User user) {
    return AccountStore.change(
        database,
        sql -> {
          AccountStore.requireOtherAdmin(sql, user);
          store.setState(sql, user, User.State.DISABLED);
          sessions.endAll(sql, user.id());
          return AccountStore.byId(sql, user.id()).orElseThrow();
        });
  }

  /**
   * Removes an account with its keys and sessions.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is the last administrator
   */
  public void remove(String actor, User user) {
    AccountStore.change(
        database,
        sql -> {
          AccountStore.requireOtherAdmin(sql, user);
          store.remove(sql, user);
          return user;
        });
  }

  /**
   * Makes a group, or makes it anew.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if its name or a limit is none
   */
  public void set(String actor, Group group) {
    AccountStore.change(
        database,
        sql -> {
          store.set(sql, group);
          return group;
        });
  }

  /**
   * @throws SoleboxException {@code IN_USE} if somebody is in it
   */
  public void removeGroup(String actor, String name) {
    AccountStore.change(
        database,
        sql -> {
          store.removeGroup(sql, name);
          return name;
        });
  }

  /**
   * What a key is to be for.
   *
   * @param routes words of {@link KeyScope}
   * @param life empty for one that does not expire
   */
  public record NewKey(
      String name,
      Globs models,
      List<String> routes,
      List<String> limits,
      Optional<Duration> life) {}

  /**
   * A key that was just made.
   *
   * @param secret which nobody can be told again
   */
  public record MadeKey(UserKey key, String secret) {}

  /**
   * Makes somebody a key.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if something of it is nothing
   */
  public MadeKey addKey(String actor, User user, NewKey wanted) {
    Names.check(wanted.name(), "name");
    KeyScope.of(wanted.routes());
    Limits.parse(wanted.limits(), "limits");
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String secret = KEY_PREFIX + Secrets.token();
    UserKey key =
        new UserKey(
            Secrets.id("key"),
            user.id(),
            wanted.name(),
            secret.substring(0, SHOWN),
            wanted.models(),
            wanted.routes(),
            wanted.limits(),
            now,
            wanted.life().map(now::plus),
            Optional.empty());
    AccountStore.change(
        database,
        sql -> {
          keys.add(sql, key, Secrets.digest(secret));
          return key;
        });
    return new MadeKey(key, secret);
  }

  /**
   * Makes a key open nothing any more.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is none
   */
  public void removeKey(String actor, String id) {
    AccountStore.change(
        database,
        sql -> {
          keys.remove(sql, id);
          return id;
        });
  }
}
