package io.solebox.app.update;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Asks the server of this machine whether it is well ({@code /health/ready}: a model answers, or
 * would be loaded for who asks). Its certificate is not looked at: it may be anybody's, and who
 * answers on this machine's own loopback is this machine.
 *
 * @param port where it listens, encrypted
 */
record HealthQuestion(int port) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final String QUESTION =
      "GET /health/ready HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n";
  private static final String WELL = "HTTP/1.1 200 ";

  /**
   * Asks until it is well.
   *
   * @param limit how long
   * @return what is wrong; empty where nothing is
   */
  Optional<String> untilWell(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    Optional<String> trouble = ask();
    while (trouble.isPresent() && System.nanoTime() < end) {
      Thread.sleep(PAUSE);
      trouble = ask();
    }
    return trouble;
  }

  private Optional<String> ask() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      try (Socket encrypted =
          anybody().getSocketFactory().createSocket(socket, "localhost", port, true)) {
        encrypted
            .getOutputStream()
            .write(QUESTION.formatted(port).getBytes(StandardCharsets.US_ASCII));
        String answer =
            new String(
                encrypted.getInputStream().readNBytes(WELL.length()), StandardCharsets.ISO_8859_1);
        return answer.equals(WELL)
            ? Optional.empty()
            : Optional.of("it answers with " + answer.strip());
      }
    } catch (IOException e) {
      return Optional.of("it does not answer (" + e + ")");
    }
  }

  private static SSLContext anybody() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java has TLS
    }
  }

  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
