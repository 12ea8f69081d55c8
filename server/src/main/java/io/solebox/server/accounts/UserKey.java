package io.solebox.server.accounts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A key by which programs of somebody get in, without the key itself.
 *
 * @param user whose it is, by id
 * @param shown how it begins, so that people know which one it is
 * @param models patterns of names that it may use, of those that its owner may
 * @param routes words of what it is for ({@link KeyScope}); none for all but administration
 * @param limits of its own as words, beside those of its owner
 * @param receipts whether its answers have receipts where a request does not say otherwise
 */
public record UserKey(
    String id,
    String user,
    String name,
    String shown,
    List<String> models,
    List<String> routes,
    List<String> limits,
    boolean receipts,
    Instant created,
    Optional<Instant> expires,
    Optional<Instant> lastUse) {
  public UserKey {
    models = List.copyOf(models);
    routes = List.copyOf(routes);
    limits = List.copyOf(limits);
  }

  boolean hasExpired(Instant now) {
    return expires.filter(end -> !now.isBefore(end)).isPresent();
  }
}
