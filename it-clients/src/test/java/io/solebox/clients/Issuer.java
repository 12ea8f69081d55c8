package io.solebox.clients;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.accounts.oidc.OidcSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An issuer of OpenID Connect on this machine, for browsers: whoever is sent to it comes back at
 * once as somebody whom it calls {@value #NAME}. It checks nothing; the server's tests do.
 */
final class Issuer implements AutoCloseable {
  static final String NAME = "ada";

  private static final String CLIENT = "the-box";
  private static final String KEY = "first";
  private static final int COORDINATE_BYTES = 32;
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

  private final JsonWriter json = new JsonWriter();
  private final Map<String, String> nonces = new ConcurrentHashMap<>(); // by code
  private final KeyPair key = newKey();
  private final HttpServer server;

  Issuer() {
    try {
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** With which a server sends people here; an administrator has to approve those it knows not. */
  OidcSettings settings() {
    return new OidcSettings(
        address(),
        CLIENT,
        Optional.empty(),
        OidcSettings.USUAL_NAME_CLAIM,
        Optional.empty(),
        List.of(),
        OidcSettings.Unknown.APPROVE,
        Optional.empty());
  }

  private String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      switch (exchange.getRequestURI().getPath()) {
        case "/.well-known/openid-configuration" -> send(exchange, metadata());
        case "/keys" -> send(exchange, Map.of("keys", List.of(publicKey())));
        case "/authorize" -> sendBack(exchange, form(exchange.getRequestURI().getRawQuery()));
        case "/token" -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          send(exchange, token(form(new String(body, StandardCharsets.UTF_8)).get("code")));
        }
        default -> exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private Map<String, Object> metadata() {
    return Map.of(
        "issuer", address(),
        "authorization_endpoint", address() + "/authorize",
        "token_endpoint", address() + "/token",
        "jwks_uri", address() + "/keys");
  }

  private void sendBack(HttpExchange exchange, Map<String, String> asked) throws IOException {
    String code = "code-" + nonces.size();
    nonces.put(code, asked.get("nonce"));
    String back = "%s?code=%s&state=%s";
    exchange
        .getResponseHeaders()
        .set("Location", back.formatted(asked.get("redirect_uri"), code, asked.get("state")));
    exchange.sendResponseHeaders(302, -1);
  }

  private Map<String, Object> token(String code) {
    long now = Instant.now().getEpochSecond();
    Map<String, Object> claims = new HashMap<>();
    claims.put("iss", address());
    claims.put("aud", CLIENT);
    claims.put("sub", "subject-of-" + NAME);
    claims.put("iat", now);
    claims.put("exp", now + 300);
    claims.put("nonce", nonces.get(code));
    claims.put("preferred_username", NAME);
    return Map.of("id_token", signed(claims), "token_type", "Bearer");
  }

  /** A JWS in its compact form (RFC 7515, section 7.1; RFC 7518, section 3.4). */
  private String signed(Map<String, Object> claims) {
    Map<String, Object> head = Map.of("alg", "ES256", "kid", KEY);
    String text =
        BASE64.encodeToString(json.bytes(head)) + "." + BASE64.encodeToString(json.bytes(claims));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(key.getPrivate());
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return text + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, Object> publicKey() {
    var point = ((ECPublicKey) key.getPublic()).getW();
    return Map.of(
        "kty",
        "EC",
        "crv",
        "P-256",
        "kid",
        KEY,
        "use",
        "sig",
        "x",
        coordinate(point.getAffineX()),
        "y",
        coordinate(point.getAffineY()));
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray(); // may be longer by a zero, or shorter
    byte[] padded = new byte[COORDINATE_BYTES];
    int length = Math.min(bytes.length, COORDINATE_BYTES);
    System.arraycopy(bytes, bytes.length - length, padded, COORDINATE_BYTES - length, length);
    return BASE64.encodeToString(padded);
  }

  private void send(HttpExchange exchange, Map<String, Object> body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    byte[] bytes = json.bytes(body);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Map<String, String> form(String text) {
    Map<String, String> fields = new HashMap<>();
    for (String pair : text.split("&")) {
      String[] parts = pair.split("=", 2);
      fields.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return fields;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
