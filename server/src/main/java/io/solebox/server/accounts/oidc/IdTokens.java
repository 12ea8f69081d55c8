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
import java.util.List;
import java.util.Map;
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
   * @param nonce that the sign-in was begun with
   * @throws IssuerException if it is not believed
   */
  Person person(String token, JWKSet keys, String nonce) throws IssuerException {
    JWTClaimsSet claims = claims(token, keys, nonce);
    try {
      Optional<String> mail =
          Boolean.TRUE.equals(claims.getBooleanClaim("email_verified"))
              ? Optional.ofNullable(claims.getStringClaim("email"))
              : Optional.empty();
      if (!settings.admits(mail)) {
        throw new IssuerException(
            "The token has no verified mail address of " + String.join(", ", settings.domains()));
      }
      String name =
          Optional.ofNullable(claims.getStringClaim(settings.nameClaim()))
              .filter(text -> !text.isBlank())
              .orElseThrow(
                  () ->
                      new IssuerException("The token has no claim '" + settings.nameClaim() + "'"));
      return new Person(settings.issuer(), claims.getSubject(), name, groups(claims));
    } catch (ParseException e) {
      throw new IssuerException("The token has claims of other types: " + e.getMessage(), e);
    }
  }

  private List<String> groups(JWTClaimsSet claims) throws ParseException {
    if (settings.groupsClaim().isEmpty()) {
      return List.of();
    }
    return Optional.ofNullable(claims.getStringListClaim(settings.groupsClaim().get()))
        .orElse(List.of());
  }

  private JWTClaimsSet claims(String token, JWKSet keys, String nonce) throws IssuerException {
    DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys)));
    processor.setJWTClaimsSetVerifier(verifier(nonce));
    try {
      JWTClaimsSet claims = processor.process(SignedJWT.parse(token), null);
      Object party = claims.getClaim("azp");
      boolean ours = party == null ? claims.getAudience().size() == 1 : isUs(party);
      if (!ours || claims.getSubject().isEmpty()) {
        throw new IssuerException("The token is for somebody else, or of nobody");
      }
      return claims;
    } catch (ParseException | BadJOSEException | JOSEException e) {
      throw new IssuerException("The token is not believed: " + e.getMessage(), e);
    }
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

  /** The token that an issuer's answer holds. */
  static String tokenOf(byte[] answer) throws IssuerException {
    Map<String, Object> body = Discovery.object(answer, "The issuer's tokens");
    if (body.get("id_token") instanceof String token) {
      return token;
    }
    throw new IssuerException("The issuer's answer has no id_token");
  }
}
