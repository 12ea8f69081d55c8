package io.solebox.server.accounts;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.limits.Limits;
import io.solebox.server.seal.Belongings;
import io.solebox.server.storage.HandOver;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may use a server, and what may be done about that, by whoever may do it: a command at this
 * machine, or a request. All of it stands in the audit log. A server that runs on the same file
 * sees it at its next request. Safe for many threads.
 */
public final class Accounts {
  private final Registry registry;
  private final AccountStore store;
  private final KeyRing keys;
  private final Invitations invitations;

  public Accounts(Database database, AuditLog audit, Clock clock) {
    this.registry = Registry.of(database, audit, clock);
    this.store = registry.store();
    this.keys = new KeyRing(registry);
    this.invitations = new Invitations(registry);
  }

  /** People and groups. */
  public AccountStore store() {
    return store;
  }

  /** The keys of their programs. */
  public KeyRing keys() {
    return keys;
  }

  /** Who is signed in. */
  public SessionStore sessions() {
    return registry.sessions();
  }

  /** How people come to accounts and to passwords without anybody telling them one. */
  public Invitations invitations() {
    return invitations;
  }

  /** How people get in. */
  public SignIn signIn(SecondFactors factors) {
    return new SignIn(registry, factors);
  }

  /**
   * Adds somebody who can get in at once.
   *
   * @param actor who does that, as {@link io.solebox.server.audit.Entry} calls them; so everywhere
   *     here
   * @param password empty where they are to sign in otherwise, or choose one with a code
   * @throws SoleboxException {@code INVALID_PARAMETER} if the name is taken or none, the password
   *     too easy, or there is no such group
   */
  public User add(String actor, NewUser wanted, Optional<String> password)
      throws InterruptedException {
    return add(actor, wanted, password, (_, _) -> {});
  }

  /** What is done together with adding somebody. */
  @FunctionalInterface
  public interface Also {
    void run(Sql sql, User added) throws SQLException;
  }

  /** The same together with something else, in one transaction. */
  public User add(String actor, NewUser wanted, Optional<String> password, Also also)
      throws InterruptedException {
    Optional<String> hash = registry.hash(wanted.name(), password);
    return registry.change(
        sql -> {
          User added = registry.add(sql, actor, wanted, hash);
          also.run(sql, added);
          return added;
        });
  }

  /**
   * How many of what somebody was given of what was kept here before anybody had an account, and
   * has still; of nothing where that went to another.
   */
  public Map<String, Long> handedOver(User user) {
    return registry
        .database()
        .read(
            sql ->
                HandOver.heir(sql).filter(user.id()::equals).isPresent()
                    ? HandOver.counts(sql, user.id())
                    : Map.of());
  }

  /** A change of somebody. */
  private interface Change {
    void run(Sql sql) throws SQLException;
  }

  private User change(
      String actor, String action, User user, Map<String, String> details, Change change) {
    return registry.change(
        sql -> {
          change.run(sql);
          registry.tell(sql, action, actor, user.name(), details);
          return registry.user(sql, user);
        });
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is the last administrator
   */
  public User setRole(String actor, User user, Role role) {
    return change(
        actor,
        "user.role",
        user,
        Map.of("role", role.word()),
        sql -> {
          if (role != Role.ADMIN) {
            AccountStore.requireOtherAdmin(sql, user);
          }
          store.setRole(sql, user, role);
          registry.sessions().endAll(sql, user.id()); // who may do something else signs in anew
        });
  }

  /**
   * @param group empty for none
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is no such group
   */
  public User setGroup(String actor, User user, Optional<String> group) {
    return change(
        actor,
        "user.group",
        user,
        Map.of("group", group.orElse("")),
        sql -> store.setGroup(sql, user, group));
  }

  /**
   * @param words none for those of the group
   * @throws SoleboxException {@code INVALID_PARAMETER} if one is no limit
   */
  public User setLimits(String actor, User user, List<String> words) {
    Limits.parse(words, "limits");
    return change(
        actor,
        "user.limits",
        user,
        Map.of("limits", String.join(" ", words)),
        sql -> store.setLimits(sql, user, words));
  }

  /** Lets somebody in: who has signed up, or was disabled. */
  public User enable(String actor, User user) {
    String action = user.state() == User.State.WAITING ? "user.approve" : "user.enable";
    return change(
        actor, action, user, Map.of(), sql -> store.setState(sql, user, User.State.ACTIVE));
  }

  /**
   * Lets somebody in no more, until {@link #enable}; what is theirs stays.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is the last administrator
   */
  public User disable(String actor, User user) {
    return change(
        actor,
        "user.disable",
        user,
        Map.of(),
        sql -> {
          AccountStore.requireOtherAdmin(sql, user);
          store.setState(sql, user, User.State.DISABLED);
          registry.sessions().endAll(sql, user.id());
        });
  }

  /**
   * Removes an account with its keys and sessions, and all that is kept for it.
   *
   * @param belongings of everybody
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is the last administrator; as {@link
   *     Belongings#delete(String)}
   */
  public void remove(String actor, User user, Belongings belongings) {
    Runnable rest =
        registry.change(
            sql -> {
              AccountStore.requireOtherAdmin(sql, user);
              store.remove(sql, user);
              registry.tell(sql, "user.delete", actor, user.name(), Map.of());
              return belongings.delete(sql, user.id());
            });
    rest.run();
  }

  /**
   * Makes a group, or makes it anew.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if its name or a limit is none
   */
  public void set(String actor, Group group) {
    registry.change(
        sql -> {
          store.set(sql, group);
          Map<String, String> details =
              Map.of(
                  "models", String.join(" ", group.models()),
                  "limits", String.join(" ", group.limits()),
                  "shared-limits", String.join(" ", group.shared()),
                  "keep", group.keep().map(Duration::toString).orElse(""));
          registry.tell(sql, "group.set", actor, group.name(), details);
          return group;
        });
  }

  /**
   * @throws SoleboxException {@code IN_USE} if somebody is in it
   */
  public void removeGroup(String actor, String name) {
    registry.change(
        sql -> {
          store.removeGroup(sql, name);
          registry.tell(sql, "group.delete", actor, name, Map.of());
          return name;
        });
  }
}
