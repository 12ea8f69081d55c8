package io.solebox.server.accounts;

import io.solebox.server.limits.Limits;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Somebody with an account.
 *
 * @param id random, never given twice; what is kept for somebody is kept by it
 * @param group whose models and limits are theirs; empty where the server's own count
 * @param limits of their own as words, which go before those of the group
 * @param hasPassword whether one can sign in with a password
 */
public record User(
    String id,
    String name,
    Role role,
    State state,
    Optional<String> group,
    List<String> limits,
    boolean hasPassword,
    Instant created) {
  /** How ids begin. */
  static final String ID = "user";

  /** Whether somebody is let in. */
  public enum State {
    /** Has signed up, and an administrator has to approve that. */
    WAITING,
    ACTIVE,
    DISABLED;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String word) {
      return valueOf(word.toUpperCase(Locale.ROOT));
    }
  }

  public User {
    limits = List.copyOf(limits);
  }

  Limits ownLimits() {
    return Limits.parse(limits, "limits");
  }
}
