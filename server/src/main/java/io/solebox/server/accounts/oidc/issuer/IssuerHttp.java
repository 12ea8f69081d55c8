package io.solebox.server.accounts.oidc.issuer;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Connections to the one issuer that an administrator has named: the only ones that the server
 * opens, and all of them are opened here. Each answer is bounded in bytes and in time. Redirects
 * are not followed: none of these addresses has a reason to send us elsewhere. Safe for many
 * threads.
 */
public final class IssuerHttp implements AutoCloseable {
  private static final int MAX_BYTES = 1 << 20;

  private final HttpClient client;
  private final Duration patience;

  /**
   * @param patience for one whole answer
   * @param trust who signs certificates of the issuer; empty for whom this Java trusts
   */
  public IssuerHttp(Duration patience, Optional<SSLContext> trust) {
    this.patience = patience;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .proxy(HttpClient.Builder.NO_PROXY)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience);
    trust.ifPresent(builder::sslContext);
    this.client = builder.build();
  }

  /** Who asks, where an issuer wants to know. */
  public record Credentials(String name, String secret) {
    private String header() {
      // Both are form-encoded first (RFC 6749 section 2.3.1).
      String pair = encoded(name) + ":" + encoded(secret);
      return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
      return "Credentials of " + name;
    }
  }

  /** The body of an answer with status 200. */
  public byte[] get(URI address) throws IssuerException, InterruptedException {
    return ask(HttpRequest.newBuilder(address).GET(), address);
  }

  /** The same for whoever has an access token (RFC 6750). */
  public byte[] get(URI address, String access) throws IssuerException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).GET();
    try {
      request.header("Authorization", "Bearer " + access);
    } catch (IllegalArgumentException e) {
      throw new IssuerException("The issuer's access token is none that can be sent", e);
    }
    return ask(request, address);
  }

  /** The same of a form that is sent. */
  public byte[] post(URI address, Map<String, String> form, Optional<Credentials> who)
      throws IssuerException, InterruptedException {
    String body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    who.ifPresent(credentials -> request.header("Authorization", credentials.header()));
    return ask(request, address);
  }

  private byte[] ask(HttpRequest.Builder request, URI address)
      throws IssuerException, InterruptedException {
    HttpRequest whole = request.header("Accept", "application/json").build();
    CompletableFuture<HttpResponse<byte[]>> asked =
        client.sendAsync(
            whole,
            HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MAX_BYTES));
    try {
      HttpResponse<byte[]> answer = asked.get(patience.toNanos(), TimeUnit.NANOSECONDS);
      if (answer.statusCode() != 200) {
        throw new IssuerException(
            "%s answers %d: %s".formatted(address, answer.statusCode(), beginning(answer.body())));
      }
      return answer.body();
    } catch (TimeoutException e) {
      throw new IssuerException(
          "%s takes longer than %d ms to answer".formatted(address, patience.toMillis()), e);
    } catch (ExecutionException e) {
      throw new IssuerException("%s cannot be read: %s".formatted(address, words(e)), e);
    } finally {
      asked.cancel(true); // closes what is still open
    }
  }

  private static String words(ExecutionException e) {
    Throwable cause = e.getCause();
    boolean stranger =
        Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
            .anyMatch(CertificateException.class::isInstance);
    if (stranger) {
      return "nobody whom this box trusts has signed its certificate (--oidc-ca FILE adds one)";
    }
    String message = cause.getMessage();
    boolean plain = cause instanceof IOException && message != null && !message.isBlank();
    return plain ? message : cause.getClass().getSimpleName();
  }

  /** What an issuer says that is wrong, for a log: short, and on one line. */
  private static String beginning(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).replaceAll("[^\\x20-\\x7e]+", " ");
    return text.length() > 200 ? text.substring(0, 200) : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
