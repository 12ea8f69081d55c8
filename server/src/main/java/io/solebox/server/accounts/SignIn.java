package io.solebox.server.accounts;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.Codes.Meant;
import io.solebox.server.accounts.Codes.Purpose;
import io.solebox.server.http.Problem;
import io.solebox.storage.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How people get in. Whether a name or a password was wrong is told to nobody, neither in words nor
 * by the time it takes. Safe for many threads.
 */
public final class SignIn {
  private final Registry registry;
  private final SecondFactors factors;
  private final SignInDelays delays;

  SignIn(Registry registry, SecondFactors factors) {
    this.registry = registry;
    this.factors = factors;
    this.delays = new SignInDelays(registry.database(), registry.clock());
  }

  /**
   * From where somebody signs in.
   *
   * @param agent what the browser calls itself
   */
  public record Origin(String address, String agent) {}

  /** How far somebody got. */
  public sealed interface Outcome {
    /**
     * In.
     *
     * @param token for the browser's cookie
     */
    record SignedIn(User user, String token) implements Outcome {}

    /**
     * The password was right, and one of these is needed beside it.
     *
     * @param code to be sent along with it, within five minutes
     * @param challenge what is needed to bring one
     */
    record Further(String code, List<String> kinds, Map<String, Object> challenge)
        implements Outcome {}
  }

  /**
   * With name and password.
   *
   * @throws Problem 401 if they are wrong, 403 if the account may not be used, 429 if there were
   *     too many tries
   */
  public Outcome password(String name, String password, Origin from) throws InterruptedException {
    SignInDelays.Try attempt = begin(delays.begin(name, from.address()), name, from);
    Optional<User> user = registry.store().byName(name);
    Optional<String> kept = user.flatMap(it -> registry.store().password(it.id()));
    boolean right = registry.passwords().matches(password, kept);
    if (!right || user.isEmpty()) {
      refused(user.map(User::name), from, "wrong name or password");
      throw Problem.of(401, "wrong_credentials", "Name or password is wrong.");
    }
    requireActive(user.get(), from);
    List<String> kinds = factors.kinds(user.get());
    if (kinds.isEmpty()) {
      return admit(user.get(), from, "password", attempt);
    }
    // What still is to be guessed stands behind the same delays.
    return new Outcome.Further(
        registry
            .database()
            .transaction(
                sql -> {
                  attempt.halfway(sql);
                  return registry
                      .codes()
                      .make(
                          sql,
                          Purpose.SECOND_FACTOR,
                          Meant.user(user.get().id()),
                          Purpose.SECOND_FACTOR.life());
                })
            .code(),
        kinds,
        factors.challenge(user.get()));
  }

  /**
   * With what was asked for beside the password.
   *
   * @param code as {@link Outcome.Further} had it
   * @throws Problem 401 if it is wrong, 429 if there were too many tries
   */
  public Outcome secondFactor(String code, Map<String, Object> proof, Origin from) {
    Optional<User> user = meant(code);
    if (user.isEmpty()) {
      throw Problem.of(
          401, "sign_in_again", "It took too long, or was done already. Begin with the password.");
    }
    String name = user.get().name();
    SignInDelays.Try attempt = begin(delays.begin(name, from.address()), name, from);
    requireActive(user.get(), from);
    if (!factors.verify(user.get(), proof)) {
      refused(Optional.of(name), from, "wrong second factor");
      throw Problem.of(401, "wrong_credentials", "This is wrong, or was used before.");
    }
    registry.database().transaction(sql -> registry.codes().take(sql, Purpose.SECOND_FACTOR, code));
    return admit(user.get(), from, "second factor", attempt);
  }

  private Optional<User> meant(String code) {
    try {
      Meant meant =
          registry.database().read(sql -> registry.codes().look(sql, Purpose.SECOND_FACTOR, code));
      return registry.store().byId(meant.account().orElseThrow());
    } catch (SoleboxException e) {
      return Optional.empty();
    }
  }

  /**
   * Counts a try with a code that opens something once; {@code work} throws where it does not.
   *
   * @throws Problem 429 if there were too many tries
   */
  public <T> T withCode(Origin from, Work<T> work) throws InterruptedException {
    SignInDelays.Try attempt = begin(delays.beginCode(from.address()), "", from);
    T result = work.run();
    registry
        .database()
        .transaction(
            sql -> {
              attempt.succeeded(sql);
              return result;
            });
    return result;
  }

  /**
   * Counts what strangers ask for, however it ends.
   *
   * @throws Problem 429 if it was too often
   */
  <T> T counted(Origin from, Work<T> work) throws InterruptedException {
    begin(delays.beginCode(from.address()), "", from);
    return work.run();
  }

  /** Ends the session of a browser that gets another. */
  public void forget(String token) {
    registry.change(sql -> registry.sessions().forget(sql, token));
  }

  /** What is done with a code. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws InterruptedException;
  }

  private SignInDelays.Try begin(SignInDelays.Outcome outcome, String name, Origin from) {
    return switch (outcome) {
      case SignInDelays.Outcome.Goes(SignInDelays.Try attempt) -> attempt;
      case SignInDelays.Outcome.Waits(Duration time) -> {
        refused(registry.store().byName(name).map(User::name), from, "too many tries");
        throw Problem.of(
                429,
                "too_many_tries",
                "There were too many tries. Try again in %d seconds.".formatted(time.toSeconds()))
            .withRetryAfter((int) time.toSeconds());
      }
    };
  }

  private void requireActive(User user, Origin from) {
    switch (user.state()) {
      case ACTIVE -> {}
      case WAITING -> {
        refused(Optional.of(user.name()), from, "not approved yet");
        throw Problem.of(
            403, "account_waiting", "An administrator has to approve this account first.");
      }
      case DISABLED -> {
        refused(Optional.of(user.name()), from, "disabled");
        throw Problem.of(
            403, "account_disabled", "This account is disabled. Ask an administrator.");
      }
    }
  }

  private void refused(Optional<String> name, Origin from, String why) {
    registry
        .database()
        .transaction(
            sql -> {
              Map<String, String> details = Map.of("address", from.address(), "reason", why);
              String who = name.orElse("(unknown)"); // what was typed may be a password
              registry.tell(sql, "sign-in.refused", who, who, details);
              return who;
            });
  }

  /**
   * Begins a session of somebody who has shown otherwise who he is.
   *
   * @param how for the log, as in {@code passkey}
   * @throws Problem 403 if the account may not be used
   */
  public Outcome.SignedIn admit(User user, Origin from, String how) {
    requireActive(user, from);
    return registry.database().transaction(sql -> begun(sql, user, from, how));
  }

  private Outcome.SignedIn admit(User user, Origin from, String how, SignInDelays.Try attempt) {
    return registry
        .database()
        .transaction(
            sql -> {
              attempt.succeeded(sql);
              return begun(sql, user, from, how);
            });
  }

  private Outcome.SignedIn begun(Sql sql, User user, Origin from, String how) throws SQLException {
    Map<String, String> details = new HashMap<>();
    details.put("address", from.address());
    details.put("by", how);
    registry.tell(sql, "sign-in.ok", user.name(), user.name(), details);
    String token = registry.sessions().begin(sql, user.id(), from.address(), from.agent());
    for (String ended : registry.sessions().makeRoom(sql, user.id())) {
      Map<String, String> which = Map.of("session", ended, "by", "one too many");
      registry.tell(sql, "session.end", user.name(), user.name(), which);
    }
    return new Outcome.SignedIn(user, token);
  }

  /**
   * Changes one's own password: all sessions of this user end, and one begins.
   *
   * @throws Problem 401 if the old one is wrong, 429 if there were too many tries
   * @throws SoleboxException {@code INVALID_PARAMETER} if the new one is too easy
   */
  public Outcome.SignedIn changePassword(User user, String old, String wanted, Origin from)
      throws InterruptedException {
    SignInDelays.Try attempt = begin(delays.begin(user.name(), from.address()), user.name(), from);
    if (!registry.passwords().matches(old, registry.store().password(user.id()))) {
      throw Problem.of(401, "wrong_credentials", "The password of now is wrong.")
          .withParam("password");
    }
    Optional<String> hash = registry.hash(user.name(), Optional.of(wanted));
    return registry.change(
        sql -> {
          attempt.succeeded(sql);
          registry.store().setPassword(sql, user.id(), hash.orElseThrow());
          registry.sessions().endAll(sql, user.id());
          registry.tell(sql, "user.password", user.name(), user.name(), Map.of("by", "password"));
          return begun(sql, user, from, "new password");
        });
  }

  /**
   * Asks somebody who is signed in for the password again.
   *
   * @throws Problem 401 if it is wrong, 429 if there were too many tries
   */
  public void again(User user, String password, Origin from) throws InterruptedException {
    Optional<String> kept = registry.store().password(user.id());
    tried(
        user,
        from,
        () -> registry.passwords().matches(password, kept) ? Optional.of(user) : Optional.empty());
  }

  /**
   * What something comes to that a guess opens: of a password, or of a code.
   *
   * @param guess empty where it is wrong
   * @throws Problem 401 if it is wrong, 429 if there were too many tries
   */
  public <T> T tried(User user, Origin from, Work<Optional<T>> guess) throws InterruptedException {
    SignInDelays.Try attempt = begin(delays.begin(user.name(), from.address()), user.name(), from);
    T opened =
        guess
            .run()
            .orElseThrow(() -> Problem.of(401, "wrong_credentials", "Password or code is wrong."));
    registry
        .database()
        .transaction(
            sql -> {
              attempt.succeeded(sql);
              return user;
            });
    return opened;
  }

  /** Ends a session; of nobody else. */
  public boolean end(User user, String session) {
    return registry.change(
        sql -> {
          boolean ended = registry.sessions().end(sql, user.id(), session);
          if (ended) {
            registry.tell(sql, "session.end", user.name(), user.name(), Map.of("session", session));
          }
          return ended;
        });
  }

  /** Ends all sessions of somebody but one. */
  public void endOthers(User user, String kept) {
    registry.change(
        sql -> {
          for (Session session : registry.sessions().of(user.id())) {
            if (!session.id().equals(kept)) {
              registry.sessions().end(sql, user.id(), session.id());
            }
          }
          registry.tell(sql, "session.end", user.name(), user.name(), Map.of("session", "others"));
          return kept;
        });
  }
}
