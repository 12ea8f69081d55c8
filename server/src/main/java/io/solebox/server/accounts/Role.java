package io.solebox.server.accounts;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Permission;
import java.util.Locale;
import java.util.Set;

/** What somebody with an account is here. */
public enum Role {
  /** Sees which models there are, and what they have used. */
  VIEWER(Set.of(Permission.SEE, Permission.OWN_ACCOUNT)),
  /** Asks models, too. */
  USER(Set.of(Permission.SEE, Permission.USE_MODELS, Permission.OWN_ACCOUNT)),
  /** Changes what the server does for everybody, too. */
  ADMIN(
      Set.of(
          Permission.SEE, Permission.USE_MODELS, Permission.OWN_ACCOUNT, Permission.ADMINISTRATE));

  private final Set<Permission> permissions;

  Role(Set<Permission> permissions) {
    this.permissions = permissions;
  }

  public Set<Permission> permissions() {
    return permissions;
  }

  /** As people write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if it is none
   */
  public static Role of(String word) {
    for (Role role : values()) {
      if (role.word().equals(word.toLowerCase(Locale.ROOT))) {
        return role;
      }
    }
    throw new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        "role",
        "'" + word + "' is no role.",
        "Write admin, user or viewer.");
  }
}
