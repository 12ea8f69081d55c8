package io.solebox.server.accounts.oidc;

import com.nimbusds.jose.jwk.JWKSet;
import io.solebox.server.accounts.oidc.issuer.IssuerException;
import io.solebox.server.accounts.oidc.issuer.IssuerHttp;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The issuer that this box trusts, with what it has told of itself. Safe for many threads; who
 * comes while it is asked waits for the same answer.
 */
final class Issuer {
  /** Metadata are asked for again after this time. */
  private static final Duration METADATA_LIFETIME = Duration.ofHours(1);

  /** Keys that a token names and nobody knows are looked for again, but not at each token. */
  private static final Duration KEYS_PAUSE = Duration.ofSeconds(10);

  /** Keys that were taken back are forgotten after this time. */
  private static final Duration KEYS_LIFETIME = Duration.ofHours(1);

  private record Known<T>(T value, Instant since) {
    boolean isOlder(Duration age, Instant now) {
      return since.plus(age).isBefore(now);
    }
  }

  private final OidcSettings settings;
  private final IssuerHttp http;
  private final Clock clock;
  private Optional<Known<Discovery>> metadata = Optional.empty(); // guarded by this
  private Optional<Known<JWKSet>> keys = Optional.empty(); // guarded by this

  Issuer(OidcSettings settings, IssuerHttp http, Clock clock) {
    this.settings = settings;
    this.http = http;
    this.clock = clock;
  }

  synchronized Discovery metadata() throws IssuerException, InterruptedException {
    Instant now = clock.instant();
    if (metadata.filter(known -> !known.isOlder(METADATA_LIFETIME, now)).isEmpty()) {
      Discovery read = Discovery.read(http.get(settings.discovery()), settings);
      metadata = Optional.of(new Known<>(read, now));
    }
    return metadata.orElseThrow().value();
  }

  /**
   * Its keys, asked for again where the one that a token names is not among them.
   *
   * @param keyId that the token names; empty for none
   */
  synchronized JWKSet keysFor(Optional<String> keyId) throws IssuerException, InterruptedException {
    URI address = metadata().keys();
    Instant now = clock.instant();
    boolean unknown =
        keys.filter(known -> keyId.isEmpty() || known.value().getKeyByKeyId(keyId.get()) != null)
            .isEmpty();
    Duration age = unknown ? KEYS_PAUSE : KEYS_LIFETIME;
    if (keys.isEmpty() || keys.get().isOlder(age, now)) {
      keys = Optional.of(new Known<>(IdTokens.keys(http.get(address)), now));
    }
    return keys.orElseThrow().value();
  }

  /**
   * Changes a code for tokens.
   *
   * @param verifier of PKCE (RFC 7636), whose digest the sign-in was begun with
   * @param here where the issuer has sent the browser back to
   */
  IdTokens.Given tokens(String code, String verifier, URI here)
      throws IssuerException, InterruptedException {
    Discovery its = metadata();
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", here.toString());
    form.put("code_verifier", verifier);
    form.put("client_id", settings.clientId());
    boolean inBody = its.secretInBody();
    settings.secret().filter(_ -> inBody).ifPresent(secret -> form.put("client_secret", secret));
    Optional<IssuerHttp.Credentials> who =
        settings
            .secret()
            .filter(_ -> !inBody)
            .map(secret -> new IssuerHttp.Credentials(settings.clientId(), secret));
    return IdTokens.given(http.post(its.token(), form, who));
  }

  /**
   * What it says of whoever an access token is of; empty where it says nothing in this way.
   *
   * @param access that came with the token
   */
  Optional<Map<String, Object>> userInfo(Optional<String> access)
      throws IssuerException, InterruptedException {
    Optional<URI> address = metadata().userInfo();
    if (address.isEmpty() || access.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Discovery.object(http.get(address.get(), access.get()), "The issuer's UserInfo"));
  }
}
