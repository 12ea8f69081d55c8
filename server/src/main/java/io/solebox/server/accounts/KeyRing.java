package io.solebox.server.accounts;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Credential;
import io.solebox.server.limits.Limits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The keys by which programs of people get in. Safe for many threads. */
public final class KeyRing {
  private static final String PREFIX = Credential.MADE;
  private static final int SHOWN = Credential.SHOWN;

  private final Registry registry;

  KeyRing(Registry registry) {
    this.registry = registry;
  }

  /**
   * What a key is to be for.
   *
   * @param models patterns of names
   * @param routes words of {@link KeyScope}
   * @param limits words of {@link Limits}
   * @param receipts whether its answers have receipts where a request does not say otherwise
   * @param life empty for one that does not expire
   */
  public record NewKey(
      String name,
      List<String> models,
      List<String> routes,
      List<String> limits,
      boolean receipts,
      Optional<Duration> life) {}

  /**
   * A key that was just made.
   *
   * @param secret which nobody can be told again
   */
  public record MadeKey(UserKey key, String secret) {}

  /** All, the oldest first. */
  public List<UserKey> all() {
    return registry.keys().all();
  }

  /** All of somebody, the oldest first. */
  public List<UserKey> of(User user) {
    return registry.keys().of(user.id());
  }

  /**
   * @throws SoleboxException {@code INVALID_PARAMETER} if there is none
   */
  public UserKey byId(String id) {
    return registry.keys().byId(id).orElseThrow(() -> KeyStore.unknown(id));
  }

  /**
   * Makes somebody a key.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} if something of it is nothing
   */
  public MadeKey add(String actor, User user, NewKey wanted) {
    Names.check(wanted.name(), "name");
    KeyScope.of(wanted.routes());
    Limits.parse(wanted.limits(), "limits");
    Instant now = registry.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    String secret = PREFIX + Secrets.token();
    UserKey key =
        new UserKey(
            Secrets.id("key"),
            user.id(),
            wanted.name(),
            secret.substring(0, SHOWN),
            wanted.models(),
            wanted.routes(),
            wanted.limits(),
            wanted.receipts(),
            now,
            wanted.life().map(now::plus),
            Optional.empty());
    registry.change(
        sql -> {
          registry.keys().add(sql, key, Secrets.digest(secret));
          registry.tell(sql, "key.add", actor, key.id(), details(user, key));
          return key;
        });
    return new MadeKey(key, secret);
  }

  private static Map<String, String> details(User user, UserKey key) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("user", user.name());
    details.put("name", key.name());
    details.put("models", String.join(" ", key.models()));
    details.put("routes", String.join(" ", key.routes()));
    details.put("limits", String.join(" ", key.limits()));
    if (key.receipts()) {
      details.put("receipts", "true");
    }
    key.expires().ifPresent(end -> details.put("expires", end.toString()));
    return details;
  }

  /** Makes a key open nothing any more. */
  public void revoke(String actor, UserKey key) {
    registry.change(
        sql -> {
          registry.keys().remove(sql, key.id());
          registry.tell(sql, "key.revoke", actor, key.id(), Map.of("name", key.name()));
          return key;
        });
  }
}
