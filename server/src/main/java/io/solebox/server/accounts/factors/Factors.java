package io.solebox.server.accounts.factors;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.OpenAccounts;
import io.solebox.server.accounts.SecondFactors;
import io.solebox.server.accounts.User;
import io.solebox.server.accounts.passkeys.Passkey;
import io.solebox.server.accounts.passkeys.Passkeys;
import io.solebox.server.accounts.totp.Enrolment;
import io.solebox.server.accounts.totp.FactorCodes;
import io.solebox.server.accounts.totp.RecoveryCode;
import io.solebox.server.accounts.totp.SecretSeal;
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
 * What people bring beside a password or in place of it: codes of an authenticator app, recovery
 * codes, passkeys; and who must. A passkey is two factors by itself and no step behind a password,
 * so that a password alone goes on opening an account that has passkeys and no app, unless a rule
 * says that it must not. Safe for many threads.
 */
public final class Factors implements SecondFactors {
  /** How requests and commands call the authenticator app. */
  public static final String THE_APP = "app";

  private final Database database;
  private final AuditLog audit;
  private final FactorCodes codes;
  private final Passkeys passkeys;

  public Factors(Database database, AuditLog audit, SecretSeal seal, Clock clock) {
    SecureRandom random = new SecureRandom();
    this.database = database;
    this.audit = audit;
    this.codes = new FactorCodes(seal, random, clock);
    this.passkeys = new Passkeys(database, audit, random, clock);
  }

  /** For commands, which look and reset, and make and ask for no codes. */
  public static Factors of(OpenAccounts open) {
    return in(open.database(), Seals.CLOSED, Clock.systemUTC());
  }

  /** Those of a database, with its audit log. */
  public static Factors in(Database database, SecretSeal seal, Clock clock) {
    AuditLog audit = AuditLog.of(database, database.file().getParent());
    return new Factors(database, audit, seal, clock);
  }

  /**
   * What somebody has.
   *
   * @param app whether an authenticator app is asked for its code
   * @param recoveryLeft recovery codes that were not used yet
   * @param required whether they cannot sign in with a password alone, app or not
   */
  public record State(boolean app, int recoveryLeft, List<Passkey> passkeys, boolean required) {
    /** Each passkey as name, host and id. */
    public List<List<String>> shownPasskeys() {
      return passkeys.stream().map(each -> List.of(each.name(), each.rpId(), each.id())).toList();
    }
  }

  public State state(User user) {
    List<Passkey> theirs = passkeys.of(user.id());
    return database.read(
        sql ->
            new State(
                codes.has(sql, user.id()),
                codes.recoveryLeft(sql, user.id()),
                theirs,
                FactorRules.read(sql).holdFor(user)));
  }

  /** Kinds of what is brought, as requests name them. */
  private static final String APP = "totp";

  private static final String RECOVERY = "recovery_code";

  /** The first code of an app that is set up on the way in, because a rule wants one. */
  private static final String ENROLMENT = "totp_enrolment";

  private static final String PASSKEY = "passkey";

  @Override
  public List<String> kinds(User user) {
    State state = state(user);
    if (state.app()) {
      return List.of(APP, RECOVERY);
    }
    if (!state.required()) {
      return List.of();
    }
    // Who knows a password alone must not be able to set up an app beside somebody's passkeys.
    return List.of(state.passkeys().isEmpty() ? ENROLMENT : PASSKEY);
  }

  @Override
  public Map<String, Object> challenge(User user) {
    return kinds(user).contains(ENROLMENT) ? Map.of(ENROLMENT, begin(user).members()) : Map.of();
  }

  @Override
  public boolean verify(User user, Map<String, Object> proof) {
    List<String> kinds = kinds(user);
    if (kinds.contains(PASSKEY)) {
      throw Problem.of(400, "use_passkey", "Sign in with your passkey, without the password.");
    }
    List<String> brought = kinds.stream().filter(proof::containsKey).toList();
    if (brought.size() != 1 || !(proof.get(brought.getFirst()) instanceof String code)) {
      throw Problem.of(
          400, "invalid_value", "Send one of these, as a text: " + String.join(", ", kinds) + ".");
    }
    return brought.getFirst().equals(ENROLMENT)
        ? confirm(user, code).isPresent()
        : database.transaction(sql -> codes.take(sql, user.id(), code)).isPresent();
  }

  public Passkeys passkeys() {
    return passkeys;
  }

  FactorCodes codes() {
    return codes;
  }

  /**
   * Begins with an authenticator app, which counts when {@link #confirm} has seen its code.
   *
   * @throws SoleboxException {@code IN_USE} if there is one
   */
  public Enrolment begin(User user) {
    return database.transaction(sql -> codes.begin(sql, user.id(), user.name()));
  }

  /**
   * Asks for the app's codes from now on.
   *
   * @return recovery codes, to be shown once; empty if the code is wrong
   * @throws SoleboxException {@code INVALID_PARAMETER} if nothing was begun
   */
  public Optional<List<RecoveryCode>> confirm(User user, String code) {
    return database.transaction(
        sql -> {
          Optional<List<RecoveryCode>> fresh = codes.confirm(sql, user.id(), code);
          if (fresh.isPresent()) {
            tell(sql, "factor.add", user.name(), user);
          }
          return fresh;
        });
  }

  /**
   * Makes new recovery codes in place of those of before.
   *
   * @param code of the app, or a recovery code
   * @return empty if the code is wrong
   */
  public Optional<List<RecoveryCode>> renewRecovery(User user, String code) {
    return database.transaction(
        sql -> {
          if (codes.take(sql, user.id(), code).isEmpty()) {
            return Optional.empty();
          }
          tell(sql, "factor.recovery-codes", user.name(), user);
          return Optional.of(codes.renewRecovery(sql, user.id()));
        });
  }

  /**
   * Asks for the app no more.
   *
   * @param code of the app, or a recovery code
   * @return whether the code was right
   * @throws SoleboxException {@code ACCESS_DENIED} if they must have one
   */
  public boolean removeApp(User user, String code) {
    return database.transaction(
        sql -> {
          if (FactorRules.read(sql).holdFor(user)) {
            throw new SoleboxException(
                ErrorCode.ACCESS_DENIED,
                "app",
                "Your role or group must have an authenticator app.",
                "Ask an administrator to reset it if you have another telephone.");
          }
          boolean right = codes.take(sql, user.id(), code).isPresent();
          if (right) {
            codes.remove(sql, user.id());
            tell(sql, "factor.remove", user.name(), user);
          }
          return right;
        });
  }

  /**
   * Forgets all that somebody has, as for whoever has lost it.
   *
   * @param actor who does that, for the log
   */
  public void reset(String actor, User user) {
    database.transaction(
        sql -> {
          codes.remove(sql, user.id());
          passkeys.removeAll(sql, user.id());
          tell(sql, "factor.reset", actor, user);
          return user;
        });
  }

  /**
   * Forgets one thing that somebody has, also where a rule wants it: they bring another then.
   *
   * @param actor who does that, for the log
   * @param factor {@link #THE_APP}, with its recovery codes, or the id of a passkey
   * @return whether there was one
   */
  public boolean remove(String actor, User user, String factor) {
    return database.transaction(
        sql -> {
          boolean found =
              factor.equals(THE_APP)
                  ? codes.has(sql, user.id())
                  : passkeys.remove(sql, user.id(), factor);
          if (found && factor.equals(THE_APP)) {
            codes.remove(sql, user.id());
          }
          if (found) {
            audit.append(
                sql, new Entry("factor.remove", actor, user.name(), Map.of("factor", factor)));
          }
          return found;
        });
  }

  /** Who must have one. */
  public FactorRules rules() {
    return database.read(FactorRules::read);
  }

  /**
   * @param actor who does that, for the log
   * @throws SoleboxException {@code INVALID_PARAMETER} if a rule names no group
   */
  public void setRules(String actor, FactorRules rules) {
    database.transaction(
        sql -> {
          rules.write(sql);
          String words = String.join(" ", rules.words());
          audit.append(
              sql, new Entry("settings.change", actor, "second-factor", Map.of("required", words)));
          return rules;
        });
  }

  private void tell(Sql sql, String action, String actor, User user) throws SQLException {
    audit.append(sql, new Entry(action, actor, user.name()));
  }
}
