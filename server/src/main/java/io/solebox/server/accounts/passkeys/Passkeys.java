package io.solebox.server.accounts.passkeys;

import io.solebox.server.accounts.User;
import io.solebox.server.accounts.once.OnceTokens;
import io.solebox.server.audit.AuditLog;
import io.solebox.server.audit.Entry;
import io.solebox.server.http.Problem;
import io.solebox.storage.Database;
import io.solebox.storage.Sql;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Passkeys of people with accounts: how they are made, and how somebody signs in with one. What a
 * browser is asked is remembered here, once and for a while. Safe for many threads.
 */
public final class Passkeys {
  private static final int MOST_EACH = 20;
  private static final int LONGEST_NAME = 64;

  /** What a challenge was sent for. */
  private sealed interface Asked {
    record ToMake(String account, RelyingParty party) implements Asked {}

    record ToSignIn(RelyingParty party) implements Asked {}
  }

  private final Database database;
  private final AuditLog audit;
  private final Clock clock;
  private final Ceremonies ceremonies = new Ceremonies();
  private final OnceTokens<Asked> asked;

  public Passkeys(Database database, AuditLog audit, SecureRandom random, Clock clock) {
    this.database = database;
    this.audit = audit;
    this.clock = clock;
    this.asked = new OnceTokens<>(random, clock);
  }

  /** Those of somebody, the oldest first. */
  public List<Passkey> of(String account) {
    return database.read(sql -> PasskeyStore.of(sql, account));
  }

  /**
   * What a browser needs to have a passkey made.
   *
   * @param address of the browser, for bounds
   * @throws Problem 400 if somebody has as many as anybody may
   */
  public Map<String, Object> creation(RelyingParty party, User user, String address) {
    List<Passkey> known = of(user.id());
    if (known.size() >= MOST_EACH) {
      throw Problem.of(
          400,
          "too_many_passkeys",
          "You have %d passkeys, and nobody may have more. Remove one first.".formatted(MOST_EACH));
    }
    String challenge = asked.issue(new Asked.ToMake(user.id(), party), address);
    return ceremonies.creation(
        party, challenge, user.id(), user.name(), known.stream().map(Passkey::id).toList());
  }

  /**
   * Keeps the passkey that a browser has had made.
   *
   * @param json of the browser's {@code PublicKeyCredential.toJSON()}
   * @throws Problem 400 if it is not what was asked for
   */
  public Passkey add(User user, String name, String json) {
    String words = checked(name);
    Ceremonies.Registration answer = ceremonies.registration(json);
    String challenge = answer.challenge();
    if (!(take(challenge) instanceof Asked.ToMake(String whose, RelyingParty party))
        || !whose.equals(user.id())) {
      throw stale();
    }
    Ceremonies.Made made = answer.verified(party, challenge);
    Passkey passkey =
        new Passkey(
            made.id(),
            user.id(),
            words,
            party.id(),
            made.credential(),
            made.counter(),
            made.backupEligible(),
            made.transports(),
            clock.instant(),
            Optional.empty());
    database.transaction(
        sql -> {
          if (PasskeyStore.byId(sql, passkey.id()).isPresent()) {
            throw Problem.of(400, "passkey_known", "This passkey is somebody's already.");
          }
          PasskeyStore.add(sql, passkey);
          tell(sql, "passkey.add", user, words);
          return passkey;
        });
    return passkey;
  }

  /** What a browser needs to sign somebody in, whoever it is. */
  public Map<String, Object> request(RelyingParty party, String address) {
    return ceremonies.request(party, asked.issue(new Asked.ToSignIn(party), address));
  }

  /**
   * The passkey that has answered; its counter is noted.
   *
   * @param json of the browser's {@code PublicKeyCredential.toJSON()}
   * @throws Problem 400 if the answer is not valid, 401 if nobody here has the passkey
   */
  public Passkey signIn(String json) {
    Ceremonies.Assertion answer = ceremonies.assertion(json);
    String challenge = answer.challenge();
    if (!(take(challenge) instanceof Asked.ToSignIn(RelyingParty party))) {
      throw stale();
    }
    return database.transaction(
        sql -> {
          Passkey passkey =
              PasskeyStore.byId(sql, answer.passkey())
                  .filter(known -> answer.account().filter(known.account()::equals).isPresent())
                  .filter(known -> known.rpId().equals(party.id()))
                  .orElseThrow(Passkeys::unknown);
          long counter = answer.verified(party, challenge, passkey);
          PasskeyStore.used(sql, passkey, counter, clock.instant());
          return passkey;
        });
  }

  private static Problem unknown() {
    return Problem.of(
        401, "unknown_passkey", "Nobody here has this passkey. It may have been removed.");
  }

  private Asked take(String challenge) {
    return asked.take(challenge).orElseThrow(Passkeys::stale);
  }

  private static Problem stale() {
    return Problem.of(400, "passkey_stale", "This was not asked for, or too long ago. Try again.");
  }

  /**
   * @throws Problem 404 if there is none of theirs
   */
  public void rename(String account, String id, String name) {
    String words = checked(name);
    requireFound(database.transaction(sql -> PasskeyStore.rename(sql, account, id, words)));
  }

  /**
   * @throws Problem 404 if there is none of theirs
   */
  public void remove(User user, String id) {
    requireFound(
        database.transaction(
            sql -> {
              boolean found = PasskeyStore.remove(sql, user.id(), id);
              if (found) {
                tell(sql, "passkey.remove", user, id);
              }
              return found;
            }));
  }

  private void tell(Sql sql, String action, User user, String passkey) throws SQLException {
    audit.append(sql, new Entry(action, user.name(), user.name(), Map.of("passkey", passkey)));
  }

  /** Removes one of somebody, as a part of something; returns whether there was one. */
  public boolean remove(Sql sql, String account, String id) throws SQLException {
    return PasskeyStore.remove(sql, account, id);
  }

  /** Removes all of somebody. */
  public void removeAll(Sql sql, String account) throws SQLException {
    PasskeyStore.removeAll(sql, account);
  }

  private static void requireFound(boolean found) {
    if (!found) {
      throw Problem.of(404, "no_such_passkey", "You have no such passkey.");
    }
  }

  private static String checked(String name) {
    String words = name.strip();
    if (words.isEmpty()
        || words.length() > LONGEST_NAME
        || words.chars().anyMatch(Character::isISOControl)) {
      throw Problem.of(
              400,
              "invalid_value",
              "A passkey's name has 1 to %d characters, as in 'my phone'.".formatted(LONGEST_NAME))
          .withParam("name");
    }
    return words;
  }
}
