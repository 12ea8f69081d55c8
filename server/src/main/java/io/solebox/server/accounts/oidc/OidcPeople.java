package io.solebox.server.accounts.oidc;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.Accounts;
import io.solebox.server.accounts.NewUser;
import io.solebox.server.accounts.Role;
import io.solebox.server.accounts.User;
import io.solebox.server.accounts.oidc.OidcRefusal.Why;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Optional;

/**
 * Who the people of an issuer are here. They are known by the issuer's subject and by nothing else:
 * a name or a mail address may change hands, and an account that has the name of somebody there is
 * not theirs before its owner has said so. An issuer makes nobody an administrator.
 */
final class OidcPeople {
  private static final String ACTOR = "oidc";

  private final Database database;
  private final Accounts accounts;
  private final OidcSettings settings;
  private final Clock clock;

  OidcPeople(Database database, Accounts accounts, OidcSettings settings, Clock clock) {
    this.database = database;
    this.accounts = accounts;
    this.settings = settings;
    this.clock = clock;
  }

  /** The account of somebody, which is made where that is what an administrator wants. */
  User account(Person person) throws OidcRefusal, InterruptedException {
    Optional<User> known =
        database.read(sql -> linked(sql, person)).flatMap(id -> accounts.store().byId(id));
    User user = known.isPresent() ? moved(known.get(), person) : made(person);
    return switch (user.state()) {
      case ACTIVE -> user;
      case WAITING ->
          throw new OidcRefusal(Why.WAITING, "An administrator has to approve your account.");
      case DISABLED -> throw new OidcRefusal(Why.DISABLED, "Your account is disabled.");
    };
  }

  /** Says that somebody who is signed in here is this person there. */
  void link(String account, Person person) throws OidcRefusal {
    boolean theirs =
        database.transaction(
            sql -> {
              Optional<String> before = linked(sql, person);
              if (before.isEmpty()) {
                link(sql, account, person);
              }
              return before.isEmpty() || before.get().equals(account);
            });
    if (!theirs) {
      throw new OidcRefusal(Why.LINKED, "Another account here is yours already.");
    }
  }

  private static Optional<String> linked(Sql sql, Person person) throws SQLException {
    return sql.first(
        row -> row.getString(1),
        "SELECT account FROM oidc_identity WHERE issuer = ? AND subject = ?",
        person.issuer(),
        person.subject());
  }

  private void link(Sql sql, String account, Person person) throws SQLException {
    sql.update(
        "INSERT INTO oidc_identity (issuer, subject, account, created) VALUES (?, ?, ?, ?)",
        person.issuer(),
        person.subject(),
        account,
        clock.instant().getEpochSecond());
  }

  private User made(Person person) throws OidcRefusal, InterruptedException {
    User.State state =
        switch (settings.unknown()) {
          case REFUSE ->
              throw new OidcRefusal(Why.UNKNOWN, "You have no account here. Ask an administrator.");
          case APPROVE -> User.State.WAITING;
          case MAKE -> User.State.ACTIVE;
        };
    Optional<String> group = group(person);
    if (settings.groupsClaim().isPresent() && group.isEmpty()) {
      // Without a group somebody would have what the server gives to all.
      throw new OidcRefusal(Why.GROUP, "None of your groups is one here.");
    }
    if (accounts.store().isEmpty()) {
      throw new OidcRefusal(Why.UNKNOWN, "The first account here is made with the console's code.");
    }
    try {
      return accounts.add(
          ACTOR,
          new NewUser(person.name(), Role.USER, state, group),
          Optional.empty(),
          (sql, user) -> link(sql, user.id(), person));
    } catch (SoleboxException e) {
      throw new OidcRefusal(Why.NAME, e.getMessage());
    }
  }

  /** Puts somebody into the group that the issuer says; who has none that is known here stays. */
  private User moved(User user, Person person) {
    Optional<String> group = group(person);
    return group.isEmpty() || group.equals(user.group())
        ? user
        : accounts.setGroup(ACTOR, user, group);
  }

  /** The first of theirs that is one here. */
  private Optional<String> group(Person person) {
    return person.groups().stream()
        .filter(name -> accounts.store().group(name).isPresent())
        .findFirst();
  }
}
