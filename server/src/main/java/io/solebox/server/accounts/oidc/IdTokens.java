package io.solebox.server.accounts.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.solebox.server.accounts.oidc.issuer.IssuerException;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a token is what its issuer says of somebody, to us, now (OpenID Connect Core 1.0, section
 * 3.1.3.7).
 */
final class IdTokens {
  /** Signatures with public keys alone; a token cannot choose to be believed without one. */
  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384);

  private static final int MIN_RSA_BITS = 2048;

  private final OidcSettings settings;
  private final Clock clock;

  IdTokens(OidcSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Public keys as an issuer publishes them, without those that cannot sign a token safely. */
  static JWKSet keys(byte[] json) throws IssuerException {
    try {
      JWKSet all = JWKSet.parse(Discovery.object(json, "The issuer's keys"));
      return new JWKSet(
          all.getKeys().stream()
              .filter(key -> !key.isPrivate() && key.getKeyType() != KeyType.OCT)
              .filter(key -> key.getKeyType() != KeyType.RSA || key.size() >= MIN_RSA_BITS)
              .toList());
    } catch (ParseException e) {
      throw new IssuerException("The issuer's keys cannot be read: " + e.getMessage(), e);
    }
  }

  /** Which key a token names; empty for none, and for what is no signed token. */
  static Optional<String> keyId(String token) {
    try {
      return Optional.ofNullable(SignedJWT.parse(token).getHeader().getKeyID());
    } catch (ParseException e) {
      return Optional.empty();
    }
  }

  /**
   * What a token says.
   *
   * @param nonce that the sign-in was begun with
   * @throws IssuerException if it is not believed
   */
  Claims claims(String token, JWKSet keys, String nonce) throws IssuerException {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    var usual = new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys));
    processor.setJWSKeySelector(
        (header, context) ->
            EdKeys.ALGORITHMS.contains(header.getAlgorithm())
                ? EdKeys.of(keys, header)
                : usual.selectJWSKeys(header, context));
    processor.setJWSVerifierFactory(new EdKeys.Verifiers());
    processor.setJWTClaimsSetVerifier(verifier(nonce));
    try {
      JWTClaimsSet claims = processor.process(SignedJWT.parse(token), null);
      Object party = claims.getClaim("azp");
      boolean ours = party == null ? claims.getAudience().size() == 1 : isUs(party);
      if (!ours || claims.getSubject().isEmpty()) {
        throw new IssuerException("The token is for somebody else, or of nobody");
      }
      return new Claims(settings, claims.getSubject(), told(claims));
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw new IssuerException("The token is not believed: " + e.getMessage(), e);
    }
  }

  /** Without those that say null, which say nothing. */
  private static Map<String, Object> told(JWTClaimsSet claims) {
    Map<String, Object> told = new HashMap<>(claims.getClaims());
    told.values().removeIf(Objects::isNull);
    return told;
  }

  private boolean isUs(Object party) {
    return settings.clientId().equals(party);
  }

  private DefaultJWTClaimsVerifier<SecurityContext> verifier(String nonce) {
    JWTClaimsSet exact =
        new JWTClaimsSet.Builder().issuer(settings.issuer()).claim("nonce", nonce).build();
    return new DefaultJWTClaimsVerifier<>(
        settings.clientId(), exact, Set.of("sub", "iat", "exp", "nonce")) {
      @Override
      protected Date currentTime() {
        return Date.from(clock.instant());
      }
    };
  }

  /**
   * What an issuer gives for a code.
   *
   * @param access by which it can be asked for more; empty where it gives none
   */
  record Given(String token, Optional<String> access) {}

  static Given given(byte[] answer) throws IssuerException {
    Map<String, Object> body = Discovery.object(answer, "The issuer's tokens");
    if (body.get("id_token") instanceof String token) {
      return new Given(
          token,
          Optional.ofNullable(body.get("access_token"))
              .filter(String.class::isInstance)
              .map(String.class::cast));
    }
    throw new IssuerException("The issuer's answer has no id_token");
  }
}
