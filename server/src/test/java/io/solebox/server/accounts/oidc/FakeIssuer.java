package io.solebox.server.accounts.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Digests;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/**
 * A small issuer on the loopback address. People sign in by {@link #signIn}, as their browsers
 * would; everything that it says can be bent.
 */
public final class FakeIssuer implements AutoCloseable {
  private static final String ED = "ed";
  static final String CLIENT = "the-box";
  private static final String ACCESS = "access-of-subject-1";
  static final String SECRET = "s+cr/t of the box";

  private final Server server = new Server();
  private final ServerConnector connector;
  private final String scheme;
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  /** Paths that were asked for, in order. */
  final List<String> asked = new CopyOnWriteArrayList<>();

  volatile ECKey key = newKey("first");

  /** Another key, which it publishes, too. */
  final KeyPair edPair = newEdPair();

  /** What UserInfo says, where there is one. */
  final Map<String, Object> info = new ConcurrentHashMap<>(Map.of("sub", "subject-1"));

  /** What its metadata are made into before they are sent. */
  volatile UnaryOperator<Map<String, Object>> metadata = document -> document;

  /** What a token says before it is signed. */
  public volatile UnaryOperator<JWTClaimsSet.Builder> claims = builder -> builder;

  /** How a token is signed. */
  volatile Function<JWTClaimsSet, String> signing = this::signed;

  /** What it does instead of answering at this path, as in being slow. */
  final Map<String, Oddity> oddities = new ConcurrentHashMap<>();

  /** An answer that is none. */
  @FunctionalInterface
  interface Oddity {
    void answer(Response response, Callback callback);
  }

  private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty"); // or it is forgotten

  public FakeIssuer() {
    this(Optional.empty());
  }

  /**
   * @param tls by which it is encrypted; empty for plain HTTP
   */
  public FakeIssuer(Optional<SslContextFactory.Server> tls) {
    JETTY.setLevel(Level.WARNING);
    this.scheme = tls.isPresent() ? "https" : "http";
    this.connector =
        tls.map(its -> new ServerConnector(server, 1, 1, its))
            .orElseGet(() -> new ServerConnector(server, 1, 1));
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback)
              throws Exception {
            answer(request, response, callback);
            return true;
          }
        });
    try {
      server.start();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static ECKey newKey(String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  public String issuer() {
    return scheme + "://127.0.0.1:" + connector.getLocalPort();
  }

  public OidcSettings settings() {
    return new OidcSettings(
        issuer(),
        CLIENT,
        Optional.of(SECRET),
        OidcSettings.USUAL_NAME_CLAIM,
        Optional.of("groups"),
        List.of(),
        OidcSettings.Unknown.MAKE,
        Optional.empty());
  }

  /** What a browser brings back that was sent to this address, with somebody who agrees. */
  OidcFlow.Answer signIn(URI address) {
    Map<String, String> query = form(address.getRawQuery());
    String code = "code-" + codes.size();
    codes.put(code, query);
    return new OidcFlow.Answer(query.get("state"), code, Optional.of(issuer()));
  }

  /** What comes back in the query of the box's address. */
  public record Back(String state, String code) {}

  /** The same for a browser. */
  public Back back(URI address) {
    OidcFlow.Answer answer = signIn(address);
    return new Back(answer.state(), answer.code());
  }

  private void answer(Request request, Response response, Callback callback) throws IOException {
    String path = request.getHttpURI().getPath();
    asked.add(path);
    if (oddities.containsKey(path)) {
      oddities.get(path).answer(response, callback);
      return;
    }
    switch (path) {
      case "/.well-known/openid-configuration" -> send(response, callback, metadata.apply(told()));
      case "/keys" -> send(response, callback, published());
      case "/userinfo" -> {
        boolean known = ("Bearer " + ACCESS).equals(request.getHeaders().get("Authorization"));
        if (known) {
          send(response, callback, new LinkedHashMap<>(info));
        } else {
          say(response, callback, 401);
        }
      }
      case "/token" -> {
        Map<String, String> form = form(Content.Source.asString(request));
        token(request, form, response, callback);
      }
      default -> Response.writeError(request, response, callback, 404);
    }
  }

  private Map<String, Object> told() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", issuer());
    document.put("authorization_endpoint", issuer() + "/authorize");
    document.put("token_endpoint", issuer() + "/token");
    document.put("jwks_uri", issuer() + "/keys");
    return document;
  }

  private void token(
      Request request, Map<String, String> form, Response response, Callback callback) {
    Map<String, String> query = codes.remove(form.getOrDefault("code", ""));
    String basic =
        "Basic "
            + Base64.getEncoder()
                .encodeToString("the-box:s%2Bcr%2Ft+of+the+box".getBytes(StandardCharsets.UTF_8));
    boolean known =
        basic.equals(request.getHeaders().get("Authorization"))
            || SECRET.equals(form.get("client_secret"));
    boolean right =
        query != null
            && known
            && query.get("redirect_uri").equals(form.get("redirect_uri"))
            && query.get("code_challenge").equals(challenge(form.get("code_verifier")));
    if (!right) {
      Response.writeError(request, response, callback, 400);
      return;
    }
    JWTClaimsSet.Builder builder =
        new JWTClaimsSet.Builder()
            .issuer(issuer())
            .audience(CLIENT)
            .subject("subject-1")
            .issueTime(new Date())
            .expirationTime(Date.from(Instant.now().plusSeconds(300)))
            .claim("nonce", query.get("nonce"))
            .claim("preferred_username", "ada")
            .claim("groups", List.of("staff"));
    send(
        response,
        callback,
        Map.of(
            "id_token",
            signing.apply(claims.apply(builder).build()),
            "access_token",
            ACCESS,
            "token_type",
            "Bearer"));
  }

  String signed(JWTClaimsSet set) {
    try {
      SignedJWT token =
          new SignedJWT(
              new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(key.getKeyID()).build(), set);
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  /** A token as an issuer makes it that signs with Ed25519. */
  String edSigned(JWTClaimsSet set, JWSAlgorithm algorithm, KeyPair pair) {
    JWSHeader header = new JWSHeader.Builder(algorithm).keyID(ED).build();
    String signed = header.toBase64URL() + "." + Base64URL.encode(set.toString());
    try {
      Signature signer = Signature.getInstance("Ed25519");
      signer.initSign(pair.getPrivate());
      signer.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + Base64URL.encode(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  static KeyPair newEdPair() {
    try {
      return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private Map<String, Object> published() {
    byte[] encoded = edPair.getPublic().getEncoded();
    byte[] point = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
    var ed = new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(point)).keyID(ED).build();
    return new JWKSet(List.of(key.toPublicJWK(), ed)).toJSONObject();
  }

  /** Signs tokens with its other key from now on. */
  public void signWithEd25519() {
    signing = set -> edSigned(set, JWSAlgorithm.EdDSA, edPair);
  }

  /** Has UserInfo from now on, which says this, too. */
  public void withUserInfo(Map<String, Object> more) {
    info.putAll(more);

    metadata =
        document -> {
          document.put("userinfo_endpoint", issuer() + "/userinfo");
          return document;
        };
  }

  /** A status, with nothing that could be read. */
  static void say(Response response, Callback callback, int status) {
    response.setStatus(status);
    response.write(true, ByteBuffer.wrap("[]".getBytes(StandardCharsets.UTF_8)), callback);
  }

  private static String challenge(String verifier) {
    byte[] digest = Digests.sha256().digest(verifier.getBytes(StandardCharsets.US_ASCII));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
  }

  private static void send(Response response, Callback callback, Map<String, Object> body) {
    response.getHeaders().put("Content-Type", "application/json");
    response.write(true, ByteBuffer.wrap(new JsonWriter().bytes(body)), callback);
  }

  private static Map<String, String> form(String text) {
    return Arrays.stream(text.split("&"))
        .map(pair -> pair.split("=", 2))
        .collect(
            Collectors.toMap(
                pair -> pair[0],
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8),
                (a, b) -> b,
                HashMap::new));
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
