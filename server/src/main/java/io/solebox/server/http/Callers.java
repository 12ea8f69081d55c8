package io.solebox.server.http;

import io.solebox.server.limits.Account;
import java.util.Optional;

/** Who may use a server. Safe for many threads. */
public interface Callers {
  /** Whose a credential is; empty for one that opens nothing, or does no longer. */
  Optional<Caller> find(Credential credential);

  /**
   * A caller by what is kept for it, for work that goes on without it; one that may do nothing
   * where it is gone.
   */
  Caller owner(String owner);

  /** Who calls without a credential; empty where one is required. */
  Optional<Caller> nameless();

  /** Why somebody is refused whom nobody knows. */
  default Problem stranger(Optional<Credential> given) {
    return Problem.unauthorized(given);
  }

  /** A server without keys: nobody but this machine can connect, and all of it is one caller. */
  static Callers ofThisMachine(Account account) {
    return new Callers() {
      private final Caller person = Caller.here(account);

      @Override
      public Optional<Caller> find(Credential credential) {
        return Optional.of(person);
      }

      @Override
      public Caller owner(String owner) {
        return person;
      }

      @Override
      public Optional<Caller> nameless() {
        return Optional.of(person);
      }
    };
  }
}
