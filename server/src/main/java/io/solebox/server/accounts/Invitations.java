package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.Codes.Meant;
import io.solebox.server.accounts.Codes.Purpose;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How people come to an account and a password that nobody else ever knows: by codes that open
 * something once, and by signing up where that is allowed. Safe for many threads.
 */
public final class Invitations {
  private static final String SIGN_UP = "sign-up";

  /** Strangers fill no disk. */
  private static final int MOST_WAITING = 1000;

  private final Registry registry;

  Invitations(Registry registry) {
    this.registry = registry;
  }

  /**
   * A code that was just made.
   *
   * @param code which nobody can be told again
   */
  public record MadeCode(String code, Instant expires) {}

  /**
   * A code that waits to be used, without itself.
   *
   * @param id by which it can be withdrawn
   * @param purpose as {@code invitation} or {@code reset}
   * @param name of whom it is for, where it is for somebody
   */
  public record OpenCode(
      String id,
      String purpose,
      Optional<String> name,
      Optional<String> role,
      Optional<String> group,
      Instant created,
      Instant expires) {}

  /**
   * What an invitation is to.
   *
   * @param name that they get; empty where they choose it
   */
  public record Wish(Optional<String> name, Role role, Optional<String> group) {}

  /** Whether anybody is an administrator already, or a code is still needed to be the first. */
  public boolean needSetUp() {
    return registry.store().isEmpty();
  }

  /**
   * Makes the code with which somebody becomes the first administrator; one from before opens
   * nothing any more.
   *
   * @return empty where somebody has an account
   */
  public Optional<MadeCode> setUpCode(String actor) {
    return registry.change(
        sql -> {
          if (!AccountStore.isEmpty(sql)) {
            return Optional.empty();
          }
          Codes codes = registry.codes();
          codes.withdraw(sql, Purpose.SET_UP);
          return Optional.of(codes.make(sql, Purpose.SET_UP, Meant.NOBODY, Purpose.SET_UP.life()));
        });
  }

  /**
   * Makes the first administrator.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if code, name or password are not taken
   */
  public User setUp(String code, String name, String password) throws InterruptedException {
    requireCode(Purpose.SET_UP, code);
    Optional<String> hash = registry.hash(name, Optional.of(password));
    return registry.change(
        sql -> {
          registry.codes().take(sql, Purpose.SET_UP, code);
          if (!AccountStore.isEmpty(sql)) {
            throw new SoleboxException(
                ErrorCode.INVALID_PARAMETER,
                "code",
                "Somebody has set up this server already.",
                "Ask an administrator for an invitation.");
          }
          NewUser first = NewUser.active(name, Role.ADMIN, Optional.empty());
          return registry.add(sql, name, first, hash);
        });
  }

  /**
   * What is kept of the password of whoever is to be the first administrator, who is not made yet.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if name or password are not taken
   */
  public String hash(String name, String password) throws InterruptedException {
    return registry.hash(name, Optional.of(password)).orElseThrow();
  }

  /**
   * Makes the first administrator, of whom it is known otherwise that they may.
   *
   * @param hash as {@link #hash} has made it
   * @throws SoleboxException {@code IN_USE} if somebody has an account
   */
  public User first(String name, String hash) {
    Names.check(name, "name");
    return registry.change(
        sql -> {
          if (!AccountStore.isEmpty(sql)) {
            throw new SoleboxException(
                ErrorCode.IN_USE,
                "setup",
                "Somebody has set up this server already.",
                "Ask an administrator for an invitation.");
          }
          NewUser wanted = NewUser.active(name, Role.ADMIN, Optional.empty());
          return registry.add(sql, name, wanted, Optional.of(hash));
        });
  }

  /** Before anything is computed for whoever has none. */
  private void requireCode(Purpose purpose, String code) {
    registry.database().read(sql -> registry.codes().look(sql, purpose, code));
  }

  /**
   * Makes a code with which somebody gets an account.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if name or group are none
   */
  public MadeCode invite(String actor, Wish wish, Duration life) {
    wish.name().ifPresent(name -> Names.check(name, "name"));
    return registry.change(
        sql -> {
          if (wish.group().isPresent()) {
            AccountStore.requireGroup(sql, wish.group().get());
          }
          if (wish.name().isPresent() && AccountStore.byName(sql, wish.name().get()).isPresent()) {
            throw AccountStore.taken(wish.name().get());
          }
          Map<String, String> details = new HashMap<>();
          details.put("role", wish.role().word());
          wish.group().ifPresent(group -> details.put("group", group));
          registry.tell(sql, "code.invite", actor, wish.name().orElse(""), details);
          Meant meant =
              new Meant(Optional.empty(), wish.name(), Optional.of(wish.role()), wish.group());
          return registry.codes().make(sql, Purpose.INVITATION, meant, life);
        });
  }

  /** How long invitations are good, where nobody says else. */
  public static Duration usualLife() {
    return Purpose.INVITATION.life();
  }

  /**
   * Uses an invitation.
   *
   * @param name that they choose; must be the invitation's where it has one
   * @throws SoleboxException {@code INVALID_PARAMETER} if code, name or password are not taken
   */
  public User join(String code, String name, String password) throws InterruptedException {
    requireCode(Purpose.INVITATION, code);
    Optional<String> hash = registry.hash(name, Optional.of(password));
    return registry.change(
        sql -> {
          Meant meant = registry.codes().take(sql, Purpose.INVITATION, code);
          String meantName = meant.name().orElse(name);
          if (!Names.folded(meantName).equals(Names.folded(name))) {
            throw new SoleboxException(
                ErrorCode.INVALID_PARAMETER,
                "name",
                "The invitation is for '" + meantName + "'.",
                "Use that name, or ask for an invitation of your own.");
          }
          NewUser wanted = NewUser.active(meantName, meant.role().orElse(Role.USER), meant.group());
          return registry.add(sql, name, wanted, hash);
        });
  }

  /** Whether people may sign up by themselves. */
  public boolean signUpAllowed() {
    return registry
        .database()
        .read(
            sql ->
                sql.first(
                    row -> row.getString(1),
                    "SELECT value FROM account_setting WHERE name = ?",
                    SIGN_UP))
        .isPresent();
  }

  /** Lets people sign up by themselves, or no more. An administrator approves each. */
  public void allowSignUp(String actor, boolean allowed) {
    registry.change(
        sql -> {
          sql.update("DELETE FROM account_setting WHERE name = ?", SIGN_UP);
          if (allowed) {
            sql.update("INSERT INTO account_setting (name, value) VALUES (?, 'on')", SIGN_UP);
          }
          registry.tell(
              sql, "settings.change", actor, SIGN_UP, Map.of("now", allowed ? "on" : "off"));
          return allowed;
        });
  }

  /**
   * Asks for an account. Whether the name is taken is told to nobody: where it is, nothing happens.
   *
   * @throws SoleboxException {@code ACCESS_DENIED} if that is not allowed here, {@code
   *     INVALID_PARAMETER} if name or password are not taken
   */
  public void signUp(String name, String password) throws InterruptedException {
    if (!signUpAllowed()) {
      throw new SoleboxException(
          ErrorCode.ACCESS_DENIED,
          "sign-up",
          "People get accounts by invitation here.",
          "Ask an administrator for one.");
    }
    Optional<String> hash = registry.hash(name, Optional.of(password));
    registry.change(
        sql -> {
          boolean free = AccountStore.byName(sql, name).isEmpty();
          if (free && AccountStore.waiting(sql) < MOST_WAITING) {
            NewUser wanted = new NewUser(name, Role.USER, User.State.WAITING, Optional.empty());
            registry.add(sql, name, wanted, hash);
          }
          return free;
        });
  }

  /** Makes a code with which somebody chooses another password; the old one goes on until then. */
  public MadeCode reset(String actor, User user) {
    return registry.change(
        sql -> {
          registry.tell(sql, "code.reset", actor, user.name(), Map.of());
          return registry
              .codes()
              .make(sql, Purpose.RESET, Meant.user(user.id()), Purpose.RESET.life());
        });
  }

  /**
   * Uses such a code: whoever is signed in as this user is no longer.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if code or password are not taken
   */
  public User choosePassword(String code, String password) throws InterruptedException {
    Meant meant = registry.database().read(sql -> registry.codes().look(sql, Purpose.RESET, code));
    User user = registry.store().byId(meant.account().orElseThrow()).orElseThrow();
    Optional<String> hash = registry.hash(user.name(), Optional.of(password));
    return registry.change(
        sql -> {
          registry.codes().take(sql, Purpose.RESET, code);
          registry.store().setPassword(sql, user.id(), hash.orElseThrow());
          registry.sessions().endAll(sql, user.id());
          registry.tell(sql, "user.password", user.name(), user.name(), Map.of("by", "code"));
          return registry.user(sql, user);
        });
  }

  /** The codes that wait to be used, the oldest first. */
  public List<OpenCode> open() {
    return registry.database().read(registry.codes()::open);
  }

  /**
   * Makes a code open nothing any more.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is none
   */
  public void withdraw(String actor, String id) {
    registry.change(
        sql -> {
          registry.codes().withdraw(sql, id);
          registry.tell(sql, "code.withdraw", actor, id, Map.of());
          return id;
        });
  }
}
