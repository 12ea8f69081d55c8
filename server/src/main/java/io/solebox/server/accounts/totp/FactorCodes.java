package io.solebox.server.accounts.totp;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.storage.Sql;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * FactorCodes of authenticator apps and recovery codes of people with accounts. All of it happens
 * in transactions of the caller: a code is used up in the one in which it opens something. Safe for
 * many threads.
 */
public final class FactorCodes {
  private static final String ISSUER = "Solebox";

  private final CodeStore store;
  private final SecureRandom random;
  private final Clock clock;

  public FactorCodes(SecretSeal seal, SecureRandom random, Clock clock) {
    this.store = new CodeStore(seal);
    this.random = random;
    this.clock = clock;
  }

  /** Whether somebody's app has shown that it has a secret. */
  public boolean has(Sql sql, String account) throws SQLException {
    return CodeStore.isConfirmed(sql, account);
  }

  /** Recovery codes that somebody has not used yet. */
  public int recoveryLeft(Sql sql, String account) throws SQLException {
    return CodeStore.recoveryLeft(sql, account);
  }

  /**
   * Begins with a new secret, which counts when {@link #confirm} has seen a code of it.
   *
   * @param name by which the app lists it
   * @throws SoleboxException {@code IN_USE} if there is one already
   */
  public Enrolment begin(Sql sql, String account, String name) throws SQLException {
    if (has(sql, account)) {
      throw new SoleboxException(
          ErrorCode.IN_USE,
          "totp",
          "There is an authenticator app already.",
          "Remove it first, then add the other one.");
    }
    Totp totp = Totp.random(random);
    store.begin(sql, account, totp);
    return Enrolment.of(totp, ISSUER, name);
  }

  /**
   * Has the secret count from now on.
   *
   * @param code that the app shows
   * @return recovery codes, which nobody can be told again; empty if the code is wrong
   * @throws SoleboxException {@code INVALID_PARAMETER} if nothing was begun
   */
  public Optional<List<RecoveryCode>> confirm(Sql sql, String account, String code)
      throws SQLException {
    CodeStore.Kept kept =
        store
            .find(sql, account)
            .filter(each -> !each.confirmed())
            .orElseThrow(
                () ->
                    new SoleboxException(
                        ErrorCode.INVALID_PARAMETER,
                        "totp",
                        "There is no authenticator app to be confirmed.",
                        "Begin again."));
    if (!accept(sql, account, kept, code)) {
      return Optional.empty();
    }
    return Optional.of(renewRecovery(sql, account));
  }

  /** New recovery codes in place of all that somebody had. */
  public List<RecoveryCode> renewRecovery(Sql sql, String account) throws SQLException {
    List<RecoveryCode> codes = RecoveryCode.fresh(random);
    CodeStore.setRecovery(sql, account, codes);
    return codes;
  }

  /** What a code that was taken is. */
  public enum Kind {
    APP,
    RECOVERY
  }

  /** Takes a code of the app, or a recovery code, once; empty for what is neither. */
  public Optional<Kind> take(Sql sql, String account, String typed) throws SQLException {
    Optional<CodeStore.Kept> kept = store.find(sql, account).filter(CodeStore.Kept::confirmed);
    if (kept.isPresent() && accept(sql, account, kept.get(), typed)) {
      return Optional.of(Kind.APP);
    }
    return CodeStore.takeRecovery(sql, account, new RecoveryCode(typed))
        ? Optional.of(Kind.RECOVERY)
        : Optional.empty();
  }

  private boolean accept(Sql sql, String account, CodeStore.Kept kept, String code)
      throws SQLException {
    OptionalLong step = kept.totp().accept(code, clock.instant(), kept.lastStep());
    if (step.isPresent()) {
      CodeStore.taken(sql, account, step.getAsLong());
    }
    return step.isPresent();
  }

  /** Forgets secret and recovery codes. */
  public void remove(Sql sql, String account) throws SQLException {
    CodeStore.remove(sql, account);
  }
}
