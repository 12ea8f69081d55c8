package io.solebox.scout.source.ebay;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/**
 * Where eBay tells that an account was deleted (eBay: marketplace account deletion). It listens
 * behind something that ends TLS, answers nothing but the endpoint, and believes no notice that
 * eBay has not signed.
 */
public final class DeletionNotices implements AutoCloseable {
  private static final int MOST_BYTES = 64 << 10;
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_-]{32,80}");
  private static final Pattern CODE = Pattern.compile("(?:^|&)challenge_code=([^&]{1,500})");

  private final URI endpoint;
  private final String token;
  private final NoticeKeys keys;
  private final SellerKeys sellers;
  private final Forgetter forgetter;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /**
   * Begins to listen.
   *
   * @param endpoint as eBay was told it, to the letter
   * @param token 32 to 80 letters, digits, {@code -} and {@code _}, which eBay was told, too
   * @throws SoleboxException {@code INVALID_PARAMETER} for another token; {@code IO_ERROR} if the
   *     address is taken
   */
  public DeletionNotices(
      InetSocketAddress listen,
      URI endpoint,
      String token,
      NoticeKeys keys,
      SellerKeys sellers,
      Forgetter forgetter) {
    if (!TOKEN.matcher(token).matches()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "the token of eBay's notices",
          "It is not 32 to 80 letters, digits, - and _.",
          "Make one, and tell eBay the same.");
    }
    this.endpoint = endpoint;
    this.token = token;
    this.keys = keys;
    this.sellers = sellers;
    this.forgetter = forgetter;
    try {
      server = HttpServer.create(listen, 0);
    } catch (IOException e) {
      threads.shutdownNow();
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          listen.toString(),
          "Nothing can listen there: " + e.getMessage() + ".",
          "Name another address for eBay's notices in the settings.",
          e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      boolean isOurs = exchange.getRequestURI().getPath().equals(endpoint.getPath());
      switch (isOurs ? exchange.getRequestMethod() : "") {
        case "GET" -> challenge(exchange);
        case "POST" -> exchange.sendResponseHeaders(notice(exchange), -1);
        case "" -> exchange.sendResponseHeaders(404, -1);
        default -> exchange.sendResponseHeaders(405, -1);
      }
    }
  }

  /** Proves that whoever holds the endpoint knows the token. */
  private void challenge(HttpExchange exchange) throws IOException {
    var code = CODE.matcher(Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""));
    if (!code.find()) {
      exchange.sendResponseHeaders(400, -1);
      return;
    }
    String said = URLDecoder.decode(code.group(1), StandardCharsets.UTF_8);
    byte[] answer = new JsonWriter().bytes(Map.of("challengeResponse", response(said)));
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
  }

  private String response(String code) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(code.getBytes(StandardCharsets.UTF_8));
      digest.update(token.getBytes(StandardCharsets.UTF_8));
      digest.update(endpoint.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The status; of what is not acknowledged eBay tells again. */
  private int notice(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      return 413;
    }
    Optional<String> header =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-EBAY-SIGNATURE"));
    Optional<SignedNotice> notice = SignedNotice.read(body, header);
    if (notice.isEmpty()) {
      return 412;
    }
    try {
      return switch (keys.key(notice.get().key())) {
        case NoticeKeys.Unknown _ -> 412;
        case NoticeKeys.NotNow _ -> 503;
        case NoticeKeys.Known known -> notice.get().isSignedBy(known) ? obey(notice.get()) : 412;
      };
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 503;
    } catch (SoleboxException e) {
      return 500; // it could not be deleted, or eBay's key not be asked for
    }
  }

  private int obey(SignedNotice notice) {
    if (notice.isDeletion()) {
      notice.accounts().forEach(account -> forgetter.forget(sellers.of(account)));
    }
    return 204;
  }
}
