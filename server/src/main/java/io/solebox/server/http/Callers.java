package io.solebox.server.http;

import io.solebox.server.limits.Account;
import java.util.Optional;

/** Who may use a server. Safe for many threads. */
public interface Callers {
  /** Whose a key is; empty for one that opens nothing. */
  Optional<Caller> find(String key);

  /**
   * The account of a caller by its name; one without bounds where nobody has this name any more.
   */
  Account account(String name);

  /** Who calls without a key; empty where keys are required. */
  Optional<Caller> nameless();

  /** A server without keys: nobody but this machine can connect, and all of it is one caller. */
  static Callers ofThisMachine(Account account) {
    return new Callers() {
      private final Caller owner = new Caller("", true, account);

      @Override
      public Optional<Caller> find(String key) {
        return Optional.of(owner);
      }

      @Override
      public Account account(String name) {
        return account;
      }

      @Override
      public Optional<Caller> nameless() {
        return Optional.of(owner);
      }
    };
  }
}
