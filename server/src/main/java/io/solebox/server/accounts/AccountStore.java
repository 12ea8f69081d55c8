package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** People and groups as they are kept. Safe for many threads, and for many processes. */
public final class AccountStore {
  private static final String USERS =
      "SELECT id, name, role, state, user_group, limits, password IS NOT NULL, created FROM"
          + " account";

  private static final String GROUPS =
      "SELECT name, models, limits, shared_limits, keep_seconds FROM user_group";

  private final Database database;
  private final Clock clock;

  public AccountStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Grows with each change of who may do what. */
  static long version(Sql sql) throws SQLException {
    return sql.first(row -> row.getLong(1), "SELECT version FROM account_version").orElseThrow();
  }

  /** Whether anybody has an account. */
  public boolean isEmpty() {
    return database.read(AccountStore::isEmpty);
  }

  static boolean isEmpty(Sql sql) throws SQLException {
    return sql.first(row -> 1, "SELECT 1 FROM account LIMIT 1").isEmpty();
  }

  /** All, by name. */
  public List<User> users() {
    return database.read(sql -> sql.list(AccountStore::user, USERS + " ORDER BY folded_name"));
  }

  public Optional<User> byId(String id) {
    return database.read(sql -> byId(sql, id));
  }

  static Optional<User> byId(Sql sql, String id) throws SQLException {
    return sql.first(AccountStore::user, USERS + " WHERE id = ?", id);
  }

  /** In whatever case the name is written. */
  public Optional<User> byName(String name) {
    return database.read(sql -> byName(sql, name));
  }

  static Optional<User> byName(Sql sql, String name) throws SQLException {
    return sql.first(AccountStore::user, USERS + " WHERE folded_name = ?", Names.folded(name));
  }

  /**
   * In whatever case the name is written.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if nobody has it
   */
  public User named(String name) {
    return byName(name).orElseThrow(() -> unknown(name));
  }

  static SoleboxException taken(String name) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "name",
        "Somebody is called '" + name + "' already.",
        "Choose another name.");
  }

  /** How many wait for approval. */
  static int waiting(Sql sql) throws SQLException {
    return sql.first(row -> row.getInt(1), "SELECT COUNT(*) FROM account WHERE state = 'waiting'")
        .orElseThrow();
  }

  static SoleboxException unknown(String name) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "user",
        "Nobody here is called '" + name + "'.",
        "'solebox users ls' lists who has an account.");
  }

  private static User user(ResultSet row) throws SQLException {
    return new User(
        row.getString(1),
        row.getString(2),
        Role.of(row.getString(3)),
        User.State.of(row.getString(4)),
        Optional.ofNullable(row.getString(5)),
        words(row.getString(6)),
        row.getBoolean(7),
        Instant.ofEpochSecond(row.getLong(8)));
  }

  static List<String> words(String text) {
    return Stream.of(text.split("[\\s,]+")).filter(word -> !word.isEmpty()).toList();
  }

  /** What is kept of somebody's password; empty for whoever has none. */
  Optional<String> password(String id) {
    return database.read(
        sql ->
            sql.first(
                    row -> Optional.ofNullable(row.getString(1)),
                    "SELECT password FROM account WHERE id = ?",
                    id)
                .flatMap(it -> it));
  }

  /**
   * Adds somebody.
   *
   * @param password as {@link Passwords#hash} makes it; empty for nobody who signs in with one
   * @throws SoleboxException {@code INVALID_PARAMETER} if the name is taken or none, or there is no
   *     such group
   */
  User add(Sql sql, NewUser wanted, Optional<String> password) throws SQLException {
    String name = Names.check(wanted.name(), "name");
    if (byName(sql, name).isPresent()) {
      throw taken(name);
    }
    if (wanted.group().isPresent()) {
      requireGroup(sql, wanted.group().get());
    }
    String id = Secrets.id(User.ID);
    sql.update(
        "INSERT INTO account (id, name, folded_name, role, state, user_group, limits, password,"
            + " created) VALUES (?, ?, ?, ?, ?, ?, '', ?, ?)",
        id,
        name,
        Names.folded(name),
        wanted.role().word(),
        wanted.state().word(),
        wanted.group().orElse(null),
        password.orElse(null),
        clock.instant().getEpochSecond());
    return byId(sql, id).orElseThrow();
  }

  /**
   * Whether somebody else would still be an administrator who can get in.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if nobody would
   */
  static void requireOtherAdmin(Sql sql, User leaving) throws SQLException {
    boolean counts = leaving.role() == Role.ADMIN && leaving.state() == User.State.ACTIVE;
    boolean other =
        sql.first(
                row -> 1,
                "SELECT 1 FROM account WHERE role = 'admin' AND state = 'active' AND id <> ?",
                leaving.id())
            .isPresent();
    if (counts && !other) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "user",
          "'" + leaving.name() + "' is the last administrator.",
          "Make somebody else one first: solebox users role NAME admin");
    }
  }

  void setRole(Sql sql, User user, Role role) throws SQLException {
    sql.update("UPDATE account SET role = ? WHERE id = ?", role.word(), user.id());
  }

  void setState(Sql sql, User user, User.State state) throws SQLException {
    sql.update("UPDATE account SET state = ? WHERE id = ?", state.word(), user.id());
  }

  void setPassword(Sql sql, String user, String hash) throws SQLException {
    sql.update("UPDATE account SET password = ? WHERE id = ?", hash, user);
  }

  void setGroup(Sql sql, User user, Optional<String> group) throws SQLException {
    if (group.isPresent()) {
      requireGroup(sql, group.get());
    }
    sql.update("UPDATE account SET user_group = ? WHERE id = ?", group.orElse(null), user.id());
  }

  void setLimits(Sql sql, User user, List<String> words) throws SQLException {
    sql.update("UPDATE account SET limits = ? WHERE id = ?", String.join(" ", words), user.id());
  }

  /** With keys, sessions and codes; what else is kept for somebody is its owner's to remove. */
  void remove(Sql sql, User user) throws SQLException {
    sql.update("DELETE FROM account WHERE id = ?", user.id());
  }

  /** All, by name. */
  public List<Group> groups() {
    return database.read(sql -> sql.list(AccountStore::group, GROUPS + " ORDER BY name"));
  }

  public Optional<Group> group(String name) {
    return database.read(sql -> group(sql, name));
  }

  static Optional<Group> group(Sql sql, String name) throws SQLException {
    return sql.first(AccountStore::group, GROUPS + " WHERE name = ?", name);
  }

  private static Group group(ResultSet row) throws SQLException {
    long keep = row.getLong(5);
    Optional<Duration> time =
        row.wasNull() ? Optional.empty() : Optional.of(Duration.ofSeconds(keep));
    return new Group(
        row.getString(1),
        words(row.getString(2)),
        words(row.getString(3)),
        words(row.getString(4)),
        time);
  }

  static Group requireGroup(Sql sql, String name) throws SQLException {
    return group(sql, name)
        .orElseThrow(
            () ->
                new SoleboxException(
                    ErrorCode.INVALID_PARAMETER,
                    "group",
                    "There is no group '" + name + "'.",
                    "Make it first: solebox users groups set NAME"));
  }

  /** Makes a group, or makes it anew. */
  void set(Sql sql, Group group) throws SQLException {
    Names.check(group.name(), "group");
    group.ofEach(); // that its words are words
    group.ofAll();
    sql.update(
        "INSERT INTO user_group (name, models, limits, shared_limits, keep_seconds)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET models = excluded.models,"
            + " limits = excluded.limits, shared_limits = excluded.shared_limits,"
            + " keep_seconds = excluded.keep_seconds",
        group.name(),
        String.join(" ", group.models()),
        String.join(" ", group.limits()),
        String.join(" ", group.shared()),
        group.keep().map(Duration::toSeconds).orElse(null));
  }

  /**
   * @throws SoleboxException {@code IN_USE} if somebody is in it: whose group goes would have more
   *     rights than before
   */
  void removeGroup(Sql sql, String name) throws SQLException {
    requireGroup(sql, name);
    Optional<String> member =
        sql.first(
            row -> row.getString(1), "SELECT name FROM account WHERE user_group = ? LIMIT 1", name);
    if (member.isPresent()) {
      throw new SoleboxException(
          ErrorCode.IN_USE,
          "group",
          "'%s' is in the group '%s'.".formatted(member.get(), name),
          "Put its members into another group first: solebox users group NAME OTHER");
    }
    sql.update("DELETE FROM user_group WHERE name = ?", name);
  }
}
