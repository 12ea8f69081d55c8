package io.solebox.server.accounts.oidc;

import io.solebox.server.accounts.oidc.issuer.IssuerException;
import io.solebox.server.accounts.once.OnceTokens;
import io.solebox.server.http.Digests;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Signs people in at their issuer: the authorization code flow of OpenID Connect with PKCE, state
 * and nonce (RFC 9700 says what each is good for). Knows no accounts.
 *
 * @param <T> what a sign-in is for
 */
final class OidcFlow<T> {
  private static final int BYTES = 32;

  /** What a sign-in that was begun has to be ended with. */
  private record Begun<T>(T purpose, String nonce, String verifier, URI here) {}

  /**
   * A sign-in on its way.
   *
   * @param state that comes back with the answer, and that the browser itself must know as well
   * @param address where the browser goes
   */
  record Start(String state, URI address) {}

  /** Somebody who has come back, and what for. */
  record End<T>(T purpose, Person person) {}

  /**
   * What a browser brings back.
   *
   * @param issuer who says so, where the answer tells (RFC 9207)
   */
  record Answer(String state, String code, Optional<String> issuer) {}

  private final OidcSettings settings;
  private final Issuer issuer;
  private final IdTokens tokens;
  private final OnceTokens<Begun<T>> begun;
  private final SecureRandom random;

  OidcFlow(OidcSettings settings, Issuer issuer, SecureRandom random, Clock clock) {
    this.settings = settings;
    this.issuer = issuer;
    this.tokens = new IdTokens(settings, clock);
    this.begun = new OnceTokens<>(random, clock);
    this.random = random;
  }

  /**
   * @param here where the issuer sends the browser back to
   * @param address of the browser, for bounds
   */
  Start start(T purpose, URI here, String address) throws IssuerException, InterruptedException {
    URI authorization = issuer.metadata().authorization();
    String nonce = random();
    String verifier = random();
    String state = begun.issue(new Begun<>(purpose, nonce, verifier, here), address);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", settings.clientId());
    query.put("redirect_uri", here.toString());
    query.put("scope", "openid profile email");
    query.put("state", state);
    query.put("nonce", nonce);
    query.put("code_challenge", challenge(verifier));
    query.put("code_challenge_method", "S256");
    String words =
        query.entrySet().stream()
            .map(each -> each.getKey() + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    String join = authorization.getQuery() == null ? "?" : "&";
    return new Start(state, URI.create(authorization + join + words));
  }

  /**
   * @param known the state that the browser itself has kept; another browser has another one
   * @throws IssuerException if anything of it is not what was begun
   */
  End<T> end(Answer answer, Optional<String> known) throws IssuerException, InterruptedException {
    Begun<T> began =
        begun
            .take(answer.state())
            .orElseThrow(
                () -> new IssuerException("This sign-in was not begun here, or ended already"));
    if (known.filter(state -> isSame(state, answer.state())).isEmpty()) {
      throw new IssuerException("This sign-in was begun in another browser");
    }
    // Whoever is asked for a token learns the code: it must be the one who has issued it.
    boolean told = answer.issuer().isPresent();
    if (told ? !answer.issuer().get().equals(settings.issuer()) : issuer.metadata().namesItself()) {
      throw new IssuerException("The answer is another issuer's");
    }
    IdTokens.Given given = issuer.tokens(answer.code(), began.verifier(), began.here());
    String token = given.token();
    Claims claims = tokens.claims(token, issuer.keysFor(IdTokens.keyId(token)), began.nonce());
    if (claims.isShort()) {
      Optional<Map<String, Object>> more = issuer.userInfo(given.access());
      claims = more.isPresent() ? claims.with(more.get()) : claims;
    }
    return new End<>(began.purpose(), claims.person());
  }

  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  private String random() {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return base64(bytes);
  }

  private static String challenge(String verifier) {
    return base64(Digests.sha256().digest(verifier.getBytes(StandardCharsets.US_ASCII)));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
