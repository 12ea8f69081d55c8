package io.solebox.server.accounts.oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.accounts.oidc.issuer.IssuerException;
import io.solebox.server.accounts.oidc.issuer.IssuerHttp;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signing in at an issuer that is honest, and at issuers and from browsers that are not. */
@Timeout(60)
class OidcFlowTest {
  private static final URI HERE = URI.create("https://box.lan/auth/oidc/callback");

  private final FakeIssuer issuer = new FakeIssuer();
  private final IssuerHttp http = new IssuerHttp(Duration.ofSeconds(10), Optional.empty());
  private Duration later = Duration.ZERO;

  private final Clock clock =
      new Clock() {
        @Override
        public Instant instant() {
          return Instant.now().plus(later);
        }

        @Override
        public java.time.ZoneId getZone() {
          return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
          return this;
        }
      };

  private OidcFlow<String> flow = flow(issuer.settings(), http);

  private OidcFlow<String> flow(OidcSettings settings, IssuerHttp connections) {
    return new OidcFlow<>(
        settings, new Issuer(settings, connections, clock), new SecureRandom(), clock);
  }

  @AfterEach
  void end() {
    http.close();
    issuer.close();
  }

  private OidcSettings of(List<String> domains) {
    OidcSettings all = issuer.settings();
    return new OidcSettings(
        all.issuer(),
        all.clientId(),
        all.secret(),
        all.nameClaim(),
        all.groupsClaim(),
        domains,
        all.unknown(),
        Optional.empty());
  }

  private Person signIn() throws IssuerException, InterruptedException {
    var start = flow.start("sign in", HERE, "a");
    return flow.end(issuer.signIn(start.address()), Optional.of(start.state())).person();
  }

  private void refused(String words) {
    IssuerException e = assertThrows(IssuerException.class, this::signIn);
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }

  private void refused(UnaryOperator<JWTClaimsSet.Builder> claims, String words) {
    issuer.claims = claims;
    refused(words);
    issuer.claims = builder -> builder;
  }

  @Test
  void somebodySignsIn() throws Exception {
    var start = flow.start("for this", HERE, "a");
    String query = start.address().getQuery();
    assertTrue(query.contains("response_type=code") && query.contains("S256"), query);
    var end = flow.end(issuer.signIn(start.address()), Optional.of(start.state()));
    assertEquals("for this", end.purpose());
    assertEquals(new Person(issuer.issuer(), "subject-1", "ada", List.of("staff")), end.person());
    // The secret in the form, where an issuer wants it there.
    issuer.metadata =
        document -> {
          document.put("token_endpoint_auth_methods_supported", List.of("client_secret_post"));
          return document;
        };
    flow = flow(issuer.settings(), http);
    assertEquals("ada", signIn().name());
  }

  @Test
  void whatATokenLacksUserInfoTells() throws Exception {
    issuer.withUserInfo(Map.of());
    assertEquals("ada", signIn().name());
    assertFalse(issuer.asked.contains("/userinfo"), issuer.asked::toString);

    issuer.claims = b -> b.claim("preferred_username", null).claim("groups", null);
    issuer.info.putAll(Map.of("preferred_username", "lovelace", "groups", List.of("crew")));
    Person person = signIn();
    assertEquals(new Person(issuer.issuer(), "subject-1", "lovelace", List.of("crew")), person);
    // What the token says stays.
    issuer.claims = b -> b.claim("groups", null);
    assertEquals(new Person(issuer.issuer(), "subject-1", "ada", List.of("crew")), signIn());

    issuer.info.put("groups", "crew");
    refused("other types");
    issuer.info.put("groups", List.of("crew"));
    issuer.info.put("sub", "subject-2");
    refused("somebody else");
    issuer.info.remove("sub");
    refused("somebody else");
    issuer.info.put("sub", "subject-1");
    issuer.oddities.put(
        "/userinfo", (response, callback) -> FakeIssuer.say(response, callback, 401));
    refused("answers 401");
    issuer.oddities.put(
        "/userinfo", (response, callback) -> FakeIssuer.say(response, callback, 200));
    refused("UserInfo");
  }

  /** An address is not verified because another one is. */
  @Test
  void aMailAddressAndThatItIsVerifiedComeFromOnePlace() throws Exception {
    issuer.withUserInfo(Map.of());
    flow = flow(of(List.of("example.org")), http);
    issuer.info.putAll(Map.of("email", "ada@example.org", "email_verified", true));
    assertEquals("ada", signIn().name());
    refused(b -> b.claim("email", "eve@evil.example").claim("email_verified", true), "verified");
    refused(b -> b.claim("email", "ada@example.org").claim("email_verified", false), "verified");
    issuer.info.put("email", "eve@evil.example");
    refused(b -> b.claim("email", "ada@example.org"), "verified");
    issuer.info.remove("email");
    refused(b -> b.claim("email", "ada@example.org"), "verified");
  }

  @Test
  void signaturesOfEd25519AreTaken() throws Exception {
    for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.EdDSA, JWSAlgorithm.Ed25519)) {
      issuer.signing = set -> issuer.edSigned(set, algorithm, issuer.edPair);
      assertEquals("ada", signIn().name());
    }
    var strangers = FakeIssuer.newEdPair();
    issuer.signing = set -> issuer.edSigned(set, JWSAlgorithm.EdDSA, strangers);
    refused("not believed");
    issuer.signing = set -> issuer.edSigned(set, JWSAlgorithm.EdDSA, issuer.edPair) + "AAAA";
    refused("not believed");
    issuer.signing = set -> issuer.edSigned(set, JWSAlgorithm.Ed448, issuer.edPair);
    refused("not believed");
    issuer.signing = set -> issuer.edSigned(set, JWSAlgorithm.ES256, issuer.edPair);
    refused("not believed");
  }

  @Test
  void anAnswerCountsOnceAndInItsOwnBrowser() throws Exception {
    var start = flow.start("x", HERE, "a");
    var answer = issuer.signIn(start.address());
    flow.end(answer, Optional.of(start.state()));
    var again =
        assertThrows(IssuerException.class, () -> flow.end(answer, Optional.of(start.state())));
    assertTrue(again.getMessage().contains("ended already"), again.getMessage());

    for (Optional<String> other : List.of(Optional.<String>empty(), Optional.of("other"))) {
      var mine = flow.start("x", HERE, "a");
      var stolen = issuer.signIn(mine.address());
      var e = assertThrows(IssuerException.class, () -> flow.end(stolen, other));
      assertTrue(e.getMessage().contains("another browser"), e.getMessage());
    }
  }

  @Test
  void aCodeCountsOnce() throws Exception {
    var first = flow.start("x", HERE, "a");
    var answer = issuer.signIn(first.address());
    flow.end(answer, Optional.of(first.state()));
    // The same code under a state of one's own.
    var second = flow.start("x", HERE, "a");
    var replayed = new OidcFlow.Answer(second.state(), answer.code(), answer.issuer());
    var e =
        assertThrows(IssuerException.class, () -> flow.end(replayed, Optional.of(second.state())));
    assertTrue(e.getMessage().contains("answers 400"), e.getMessage());
  }

  @Test
  void answersOfAnotherIssuerGetNoTokenAskedFor() throws Exception {
    var start = flow.start("x", HERE, "a");
    var answer = issuer.signIn(start.address());
    var mixed =
        new OidcFlow.Answer(answer.state(), answer.code(), Optional.of("https://evil.example"));
    assertThrows(IssuerException.class, () -> flow.end(mixed, Optional.of(start.state())));
    assertFalse(issuer.asked.contains("/token"), issuer.asked::toString);

    issuer.metadata =
        document -> {
          document.put("authorization_response_iss_parameter_supported", true);
          return document;
        };
    OidcFlow<String> strict = flow(issuer.settings(), http);
    var begun = strict.start("x", HERE, "a");
    var silent =
        new OidcFlow.Answer(begun.state(), issuer.signIn(begun.address()).code(), Optional.empty());
    assertThrows(IssuerException.class, () -> strict.end(silent, Optional.of(begun.state())));
    assertFalse(issuer.asked.contains("/token"), issuer.asked::toString);
  }

  @Test
  void tokensThatSaySomethingElseAreRefused() {
    refused(b -> b.claim("nonce", "another"), "nonce");
    refused(b -> b.claim("nonce", null), "nonce");
    refused(b -> b.issuer("https://evil.example"), "iss");
    refused(b -> b.audience("another box"), "aud");
    refused(b -> b.audience(List.of("another box", FakeIssuer.CLIENT)), "somebody else");
    refused(b -> b.claim("azp", "another box"), "somebody else");
    refused(b -> b.expirationTime(Date.from(Instant.now().minusSeconds(120))), "Expired");
    refused(b -> b.expirationTime(null), "exp");
    refused(b -> b.notBeforeTime(Date.from(Instant.now().plusSeconds(600))), "before");
    refused(b -> b.subject(null), "sub");
    refused(b -> b.subject(""), "nobody");
    refused(b -> b.claim("preferred_username", null), "preferred_username");
    refused(b -> b.claim("preferred_username", List.of("a")), "other types");
    refused(b -> b.claim("groups", "staff"), "other types");
  }

  @Test
  void tokensThatAreSignedInAnotherWayAreRefused() throws Exception {
    issuer.signing = set -> new PlainJWT(set).serialize();
    refused("not believed");
    issuer.signing = this::signedWithThePublicKey;
    refused("not believed");
    issuer.signing = set -> issuer.signed(set) + "AAAA";
    refused("not believed");
    var strangers = FakeIssuer.newKey("first"); // a name proves nothing
    issuer.signing =
        set -> {
          var own = issuer.key;
          issuer.key = strangers;
          String token = issuer.signed(set);
          issuer.key = own;
          return token;
        };
    refused("not believed");
    issuer.signing = issuer::signed;
    assertEquals("ada", signIn().name());
  }

  /** What a verifier takes that believes the token about its algorithm. */
  private String signedWithThePublicKey(JWTClaimsSet set) {
    try {
      byte[] known = issuer.key.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.HS256).keyID(issuer.key.getKeyID()).build(), set);
      token.sign(new MACSigner(known));
      return token.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void keysRotateAndStrangersCannotHaveThemAskedForAllTheTime() throws Exception {
    signIn();
    signIn();
    assertEquals(1, issuer.asked.stream().filter("/keys"::equals).count());
    var old = issuer.key;
    issuer.key = FakeIssuer.newKey("second");
    later = Duration.ofSeconds(11);
    assertEquals("ada", signIn().name());
    assertEquals(2, issuer.asked.stream().filter("/keys"::equals).count());
    var current = issuer.key;
    issuer.signing =
        set -> {
          issuer.key = old;
          String token = issuer.signed(set);
          issuer.key = current;
          return token;
        };
    refused("not believed");
    refused("not believed");
    assertEquals(2, issuer.asked.stream().filter("/keys"::equals).count());
  }

  @Test
  void mailAddressesMustBeVerifiedAndOfADomain() throws Exception {
    flow = flow(of(List.of("Example.org")), http);
    refused("verified mail");
    refused(b -> b.claim("email", "ada@example.org"), "verified mail");
    refused(
        b -> b.claim("email", "ada@evil.example.org").claim("email_verified", true), "verified");
    issuer.claims = b -> b.claim("email", "ada@EXAMPLE.org").claim("email_verified", true);
    assertEquals("ada", signIn().name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/.well-known/openid-configuration", "/token", "/keys"})
  void slowHugeAndBrokenAnswersEnd(String path) throws Exception {
    try (IssuerHttp impatient = new IssuerHttp(Duration.ofMillis(300), Optional.empty())) {
      flow = flow(issuer.settings(), impatient);
      issuer.oddities.put(path, (_, _) -> {}); // no answer at all
      refused("takes longer");
      issuer.oddities.put( // a header, and a body that never ends
          path, (response, _) -> response.write(false, ByteBuffer.wrap(new byte[1]), null));
      refused("takes longer");
    }
    flow = flow(issuer.settings(), http);
    issuer.oddities.put(
        path,
        (response, callback) ->
            response.write(true, ByteBuffer.wrap(new byte[(1 << 20) + 1]), callback));
    refused("cannot be read");
    issuer.oddities.put(
        path,
        (response, callback) -> {
          response.setStatus(302);
          response.getHeaders().put("Location", issuer.issuer() + "/elsewhere");
          callback.succeeded();
        });
    refused("answers 302");
    issuer.oddities.put(
        path,
        (response, callback) ->
            response.write(true, ByteBuffer.wrap("[]".getBytes(StandardCharsets.UTF_8)), callback));
    refused("JSON");
    assertFalse(issuer.asked.contains("/elsewhere"));
    issuer.oddities.clear();
    assertEquals("ada", signIn().name());
  }

  @Test
  void metadataOfOthersAreRefused() {
    for (String name : List.of("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")) {
      issuer.metadata =
          document -> {
            var bent = new LinkedHashMap<>(document);
            bent.put(name, "http://evil.example/");
            return bent;
          };
      flow = flow(issuer.settings(), http);
      refused("metadata");
    }
    assertEquals(
        List.of("/.well-known/openid-configuration"), issuer.asked.stream().distinct().toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://login.example",
        "login.example",
        "https://",
        "https://u:p@login.example",
        "https://login.example/?a=b",
        "https://login.example/#a",
        "file:///etc/passwd",
        "https://login.exa mple"
      })
  void addressesThatNobodyShouldAskAreNoIssuers(String address) {
    OidcSettings all = issuer.settings();
    assertThrows(
        SoleboxException.class,
        () ->
            new OidcSettings(
                address,
                all.clientId(),
                all.secret(),
                all.nameClaim(),
                all.groupsClaim(),
                List.of(),
                all.unknown(),
                Optional.empty()));
  }
}
