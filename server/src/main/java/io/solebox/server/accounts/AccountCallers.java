package io.solebox.server.accounts;

import io.solebox.server.http.Caller;
import io.solebox.server.http.Callers;
import io.solebox.server.http.Credential;
import io.solebox.server.http.Globs;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Rights;
import io.solebox.server.limits.Account;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * People with accounts, beside those whom the server lets in without. Whom a key or a session
 * belongs to is found by its digest, and remembered until anybody changes who may do what, be it
 * another process. Safe for many threads.
 */
public final class AccountCallers implements Callers, AutoCloseable {
  private final Database database;
  private final Callers others;
  private final boolean required;
  private final Clock clock;
  private final LimitBook limits;
  private final LastUses keyUses;
  private final LastUses sessionUses;
  private volatile Remembered remembered = new Remembered(-1, -1);

  /**
   * What was found as long as nothing has changed. Whoever looks while something changes puts what
   * he finds into what is thrown away.
   */
  private static final class Remembered {
    private final long changes;
    private final long version;
    private final ConcurrentMap<String, Entry> byDigest;
    private final ConcurrentMap<String, Caller> byOwner;
    private volatile boolean hasAccounts;

    Remembered(long changes, long version) {
      this(changes, version, new ConcurrentHashMap<>(), new ConcurrentHashMap<>());
    }

    private Remembered(
        long changes,
        long version,
        ConcurrentMap<String, Entry> byDigest,
        ConcurrentMap<String, Caller> byOwner) {
      this.changes = changes;
      this.version = version;
      this.byDigest = byDigest;
      this.byOwner = byOwner;
    }

    /** Something else was written. */
    Remembered seen(long now) {
      Remembered same = new Remembered(now, version, byDigest, byOwner);
      same.hasAccounts = hasAccounts;
      return same;
    }
  }

  /** What opens the door until some time. */
  private sealed interface Entry {
    Caller caller();
  }

  private record KeyEntry(UserKey key, Caller caller) implements Entry {}

  private record SessionEntry(Session session, Caller caller) implements Entry {}

  /**
   * @param others who gets in without an account: the person at this machine, as long as nobody has
   *     one, or those with keys of a file
   * @param required whether nobody is let in for being at this machine, although nobody has an
   *     account yet
   * @param limits that everybody is held to
   */
  public AccountCallers(
      Database database, Callers others, boolean required, LimitBook limits, Clock clock) {
    this.database = database;
    this.others = others;
    this.required = required;
    this.limits = limits;
    this.clock = clock;
    this.keyUses = new LastUses(clock, new KeyStore(database)::used);
    this.sessionUses = new LastUses(clock, new SessionStore(database, clock)::used);
  }

  private Remembered now() {
    long changes = database.changes();
    Remembered last = remembered;
    if (last.changes == changes) {
      return last;
    }
    long version = database.read(AccountStore::version);
    Remembered next =
        last.version == version ? last.seen(changes) : new Remembered(changes, version);
    remembered = next;
    return next;
  }

  private boolean hasAccounts(Remembered now) {
    if (!now.hasAccounts) {
      now.hasAccounts = !database.read(AccountStore::isEmpty);
    }
    return now.hasAccounts;
  }

  @Override
  public Optional<Caller> nameless() {
    return required || hasAccounts(now()) ? Optional.empty() : others.nameless();
  }

  @Override
  public Optional<Caller> find(Credential credential) {
    return switch (credential) {
      case Credential.Key(String key) -> {
        Optional<Caller> other =
            others.nameless().isPresent() ? Optional.empty() : others.find(credential);
        yield other.isPresent() ? other : find(Secrets.digest(key), this::lookUpKey);
      }
      case Credential.Session(String token) -> find(Secrets.digest(token), this::lookUpSession);
      case Credential.Certificate(List<String> names) -> {
        Optional<Caller> own = names.stream().flatMap(name -> certified(name).stream()).findFirst();
        yield own.isPresent() || others.nameless().isPresent() ? own : others.find(credential);
      }
    };
  }

  /** By a certificate one has what one's role has, but cannot change one's own account. */
  private Optional<Caller> certified(String name) {
    return database.read(
        sql -> {
          Optional<User> user = AccountStore.byName(sql, name);
          return user.isPresent()
              ? member(sql, user.get().id()).map(Member::certified)
              : Optional.<Caller>empty();
        });
  }

  /** Looks somebody up by a digest. */
  private interface LookUp {
    Optional<Entry> entry(Sql sql, String digest) throws SQLException;
  }

  private Optional<Caller> find(String digest, LookUp lookUp) {
    Remembered now = now();
    Optional<Entry> entry = Optional.ofNullable(now.byDigest.get(digest));
    if (entry.isEmpty()) {
      entry = database.read(sql -> lookUp.entry(sql, digest));
      entry.ifPresent(found -> now.byDigest.put(digest, found));
    }
    return entry.filter(found -> isOpen(found, digest)).map(Entry::caller);
  }

  /** Whether it still is in time; notes the use then. */
  private boolean isOpen(Entry entry, String digest) {
    Instant now = clock.instant();
    return switch (entry) {
      case KeyEntry(UserKey key, _) -> {
        boolean open = !key.hasExpired(now);
        if (open) {
          keyUses.used(key.id());
        }
        yield open;
      }
      case SessionEntry(Session session, _) -> {
        Instant last = sessionUses.last(digest).orElse(session.lastUse());
        boolean open =
            now.isBefore(session.expires()) && now.isBefore(last.plus(SessionStore.IDLE));
        if (open) {
          sessionUses.used(digest);
        }
        yield open;
      }
    };
  }

  private Optional<Entry> lookUpKey(Sql sql, String digest) throws SQLException {
    Optional<UserKey> key = KeyStore.byDigest(sql, digest);
    if (key.isEmpty()) {
      return Optional.empty();
    }
    return member(sql, key.get().user()).map(who -> new KeyEntry(key.get(), who.by(key.get())));
  }

  private Optional<Entry> lookUpSession(Sql sql, String digest) throws SQLException {
    Optional<Session> session = SessionStore.byDigest(sql, digest);
    if (session.isEmpty()) {
      return Optional.empty();
    }
    return member(sql, session.get().user())
        .map(
            who ->
                new SessionEntry(
                    session.get(), who.caller(new Caller.Way.SignedIn(session.get().id()))));
  }

  private Optional<Member> member(Sql sql, String id) throws SQLException {
    Optional<User> user = AccountStore.byId(sql, id).filter(it -> it.state() == User.State.ACTIVE);
    if (user.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> group = user.get().group();
    return Optional.of(
        new Member(
            user.get(),
            group.isPresent() ? AccountStore.group(sql, group.get()) : Optional.empty()));
  }

  /** Somebody who may get in. */
  private final class Member {
    private final User user;
    private final Globs models;
    private final Account account;

    Member(User user, Optional<Group> group) {
      this.user = user;
      // Administrators manage models, those of others too.
      boolean all = user.role() == Role.ADMIN || group.isEmpty();
      this.models = all ? Globs.ALL : new Globs(group.get().models());
      this.account = limits.of(user, group);
    }

    Caller caller(Caller.Way way) {
      Rights rights = new Rights(user.role().permissions(), models, Rights.Scope.ALL);
      return new Caller(user.name(), user.id(), way, rights, account);
    }

    Caller certified() {
      Set<Permission> permissions = EnumSet.copyOf(user.role().permissions());
      permissions.remove(Permission.OWN_ACCOUNT);
      Rights rights = new Rights(permissions, models, Rights.Scope.ALL);
      return new Caller(user.name(), user.id(), new Caller.Way.Certified(), rights, account);
    }

    Caller by(UserKey key) {
      Set<Permission> permissions = EnumSet.copyOf(user.role().permissions());
      permissions.remove(Permission.OWN_ACCOUNT);
      Rights rights =
          new Rights(permissions, models.and(new Globs(key.models())), KeyScope.of(key.routes()));
      return new Caller(
          user.name(),
          user.id(),
          new Caller.Way.OwnKey(key.id(), key.receipts()),
          rights,
          limits.of(key, account));
    }
  }

  @Override
  public Caller owner(String owner) {
    return now()
        .byOwner
        .computeIfAbsent(
            owner,
            id ->
                database
                    .read(sql -> member(sql, id))
                    .map(who -> who.caller(new Caller.Way.Absent()))
                    .orElseGet(() -> otherOwner(id)));
  }

  /** One of a file's keys, or the person at this machine; who had an account may do nothing. */
  private Caller otherOwner(String owner) {
    return owner.startsWith(User.ID + "_")
        ? new Caller("", owner, new Caller.Way.Absent(), Rights.NONE, Account.unlimited())
        : others.owner(owner);
  }

  @Override
  public Problem stranger(Optional<Credential> given) {
    return required && !hasAccounts(now()) && others.nameless().isPresent()
        ? Problem.of(
            401,
            "setup_required",
            "Nobody has an account here yet. Set the server up first: its console shows a code with"
                + " which the first one is made, at /setup in a browser.")
        : Callers.super.stranger(given);
  }

  @Override
  public void close() {
    keyUses.close();
    sessionUses.close();
  }
}
