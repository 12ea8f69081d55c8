package io.solebox.server.accounts;

import java.util.Optional;

/** Somebody who gets an account. */
public record NewUser(String name, Role role, User.State state, Optional<String> group) {
  /** One who can get in at once. */
  public static NewUser active(String name, Role role, Optional<String> group) {
    return new NewUser(name, role, User.State.ACTIVE, group);
  }
}
