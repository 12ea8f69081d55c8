package io.solebox.server.http;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a caller may do.
 *
 * @param permissions beside {@link Permission#OPEN}, which everybody has
 * @param models that it may see and ask; others are not there for it
 * @param scope routes that its key is for
 */
public record Rights(Set<Permission> permissions, Globs models, Scope scope) {
  /** Which routes a key is for. */
  @FunctionalInterface
  public interface Scope {
    /** Whatever its owner may do. */
    Scope ALL = (_, _) -> true;

    /**
     * @param path as routes have it, without doubled slashes
     */
    boolean covers(Permission permission, String path);
  }

  /** Nothing at all. */
  public static final Rights NONE = new Rights(Set.of(), Globs.NONE, (_, _) -> false);

  /** A key of a file, or whoever is at this machine: all models, and nobody's own account. */
  static Rights ofMachine(boolean administrator) {
    EnumSet<Permission> permissions = EnumSet.of(Permission.SEE, Permission.USE_MODELS);
    if (administrator) {
      permissions.add(Permission.ADMINISTRATE);
    }
    return new Rights(permissions, Globs.ALL, Scope.ALL);
  }

  public Rights {
    permissions = Set.copyOf(permissions);
  }

  public boolean has(Permission permission) {
    return permission == Permission.OPEN || permissions.contains(permission);
  }
}
