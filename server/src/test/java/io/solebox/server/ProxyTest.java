package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * nginx in front of the server: with its defaults, and as {@code docs/proxies/nginx.conf} has it.
 */
@Timeout(60)
class ProxyTest {
  private static final Path DOCUMENTED = Path.of("../docs/proxies/nginx.conf");
  private static final String NAME = "llm.example";

  @TempDir Path folder;

  private Path nginx;
  private TestServer server;
  private Process process;

  @BeforeEach
  void start() {
    nginx =
        Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst()
            .orElseGet(
                () -> {
                  Assumptions.abort("SKIPPED: nginx is not installed");
                  return Path.of("");
                });
    server = new TestServer(ServerConfig.defaults().withAllowedHosts(List.of(NAME)));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (process != null) {
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
    if (server != null) {
      server.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Starts nginx with a site, in the foreground and all its files in a folder of its own. */
  private void serve(String site, int port) throws Exception {
    String all =
        """
        daemon off; pid %1$s/pid; error_log %1$s/err; events {}
        http {
          access_log off; client_body_temp_path %1$s/b; proxy_temp_path %1$s/p;
          fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
          %2$s
        }
        """
            .formatted(folder, site);
    Path config = Files.writeString(folder.resolve("nginx.conf"), all);
    process =
        new ProcessBuilder(nginx.toString(), "-p", folder.toString(), "-c", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    for (int i = 0; i < 500; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertTrue(socket.isConnected());
        return;
      } catch (IOException e) {
        assertTrue(process.isAlive(), Files.readString(folder.resolve("out")));
        Thread.sleep(10);
      }
    }
    throw new AssertionError("nginx does not listen");
  }

  @Test
  void withNothingButTheAddress() throws Exception {
    int port = freePort();
    serve(
        "server { listen 127.0.0.1:%d; location / { proxy_pass http://127.0.0.1:%d; } }"
            .formatted(port, server.server.port()),
        port);
    try (RawClient client = new RawClient(port)) {
      answers(client);
    }
    streamsAsItComes(new RawClient(port));
    leavesTakeTheAnswerWithThem(new RawClient(port));
  }

  /** The documented site, at other ports and before this server. */
  private int serveDocumented(int plainPort) throws Exception {
    int port = freePort();
    certificate();
    String site =
        Files.readString(DOCUMENTED)
            .replace("listen 443", "listen 127.0.0.1:" + port)
            .replace("listen 80;", "listen 127.0.0.1:" + plainPort + ";")
            .replace("http://127.0.0.1:8080", "http://127.0.0.1:" + server.server.port())
            .replace("/etc/ssl/llm.example", folder.resolve("cert").toString());
    serve(site, port);
    return port;
  }

  @Test
  void asDocumented() throws Exception {
    int plain = freePort();
    int port = serveDocumented(plain);
    try (RawClient client = new RawClient(plain)) {
      client.request("GET", "/v1/models?x=1", new byte[0]);
      RawClient.Answer sentOn = client.receive();
      assertEquals(308, sentOn.status());
      assertEquals("https://127.0.0.1/v1/models?x=1", sentOn.header("Location"));
    }
    try (RawClient client = tls(port)) {
      answers(client);
      client.request("GET", "/v1/models", new byte[0], "Origin: https://" + NAME);
      assertEquals(200, client.receive().status());
      client.request("GET", "/v1/models", new byte[0], "Origin: https://evil.example");
      assertEquals(403, client.receive().status());
      client.request("GET", "/", new byte[0]);
      assertTrue(client.receive().text().contains("<title>Solebox"));
    }
    streamsAsItComes(tls(port));
    leavesTakeTheAnswerWithThem(tls(port));
  }

  /** Who calls is what the proxy says, whatever the client would like. */
  @Test
  void tellsWhoCalls() throws Exception {
    server.close();
    var log = new ByteArrayOutputStream();
    server =
        new TestServer(
            ServerConfig.defaults()
                .withAllowedHosts(List.of(NAME))
                .withProxies(List.of("127.0.0.1"))
                .withWatching(Watching.nobody().withAccessLog(log)));
    int port = serveDocumented(freePort());
    try (RawClient client = tls(port)) {
      client.request(
          "GET",
          "/v1/models",
          new byte[0],
          "X-Forwarded-For: 6.6.6.6, 7.7.7.7",
          "X-Forwarded-Host: evil.example",
          "X-Forwarded-Proto: http",
          "Forwarded: for=8.8.8.8",
          "Origin: https://" + NAME);
      RawClient.Answer answer = client.receive();
      assertEquals(200, answer.status(), answer::text);
      assertEquals("same-origin", answer.header("Cross-Origin-Opener-Policy")); // it is encrypted
    }
    try (RawClient direct = server.client()) { // as a second proxy would speak, which is trusted
      direct.request("GET", "/v1/models", new byte[0], "X-Forwarded-For: 6.6.6.6, 1.2.3.4");
      assertEquals(200, direct.receive().status());
      direct.request(
          "GET", "/v1/models", new byte[0], "X-Forwarded-For: 1.2.3.4", "Forwarded: for=6.6.6.6");
      assertEquals("ambiguous_forwarding", direct.receive().at("error.code"));
      direct.request("GET", "/v1/models", new byte[0], "X-Forwarded-Host: evil.example");
      assertEquals(403, direct.receive().status());
    }
    List<String> lines = lines(log, 2);
    // The client is at this machine; of what it made up nothing counts, since this is a proxy's.
    assertTrue(lines.get(0).contains("\"from\":\"7.7.7.7\""), lines.get(0));
    assertTrue(lines.get(1).contains("\"from\":\"1.2.3.4\""), lines.get(1));
  }

  @Test
  void nobodyElseTells() throws Exception {
    var log = new ByteArrayOutputStream();
    try (TestServer own =
            new TestServer(
                ServerConfig.defaults()
                    .withProxies(List.of("192.0.2.1"))
                    .withWatching(Watching.nobody().withAccessLog(log)));
        RawClient client = own.client()) {
      client.request(
          "GET",
          "/v1/models",
          new byte[0],
          "X-Forwarded-For: 1.2.3.4",
          "X-Forwarded-Host: evil.example",
          "X-Forwarded-Proto: https");
      RawClient.Answer answer = client.receive();
      assertEquals(200, answer.status());
      assertNull(answer.header("Cross-Origin-Opener-Policy"));
    }
    assertTrue(lines(log, 1).getFirst().contains("\"from\":\"127.0.0.1\""));
  }

  /** Of an access log, which is written behind answers, at least so many. */
  private static List<String> lines(ByteArrayOutputStream log, int least)
      throws InterruptedException {
    while (log.toString(StandardCharsets.UTF_8).chars().filter(c -> c == '\n').count() < least) {
      Thread.sleep(10); // until the test's time is over
    }
    return log.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static void answers(RawClient client) throws IOException {
    client.post("/v1/completions", "{\"prompt\":\"abc\"}");
    assertEquals("abc", client.receive().at("choices.0.text"));
    client.post("/v1/completions", "{\"prompt\":5}");
    assertEquals("invalid_type", client.receive().at("error.code"));
    client.request("GET", "/v1/models", new byte[0]);
    assertEquals("echo", client.receive().at("data.0.id"));
  }

  private void streamsAsItComes(RawClient opened) throws IOException {
    server.model.pace(0, 400);
    try (RawClient client = opened) {
      long begin = System.nanoTime();
      client.post("/v1/completions", "{\"prompt\":\"abcdef\",\"stream\":true}");
      assertEquals("HTTP/1.1 200 OK", client.line());
      client.headers();
      client.line(); // the size of the first chunk
      assertTrue(client.line().startsWith("data: "));
      long first = System.nanoTime() - begin;
      assertTrue(first < TimeUnit.MILLISECONDS.toNanos(1500), "held back for " + first);
    }
  }

  private void leavesTakeTheAnswerWithThem(RawClient opened) throws Exception {
    while (server.model.running() > 0) {
      Thread.sleep(10);
    }
    server.model.pace(60_000, 0);
    try (RawClient client = opened) {
      client.post("/v1/completions", "{\"prompt\":\"abc\"}");
      while (server.model.running() == 0) {
        Thread.sleep(10);
      }
    }
    while (server.model.running() > 0) {
      Thread.sleep(10); // until the test's time is over
    }
    server.model.pace(0, 0);
  }

  private void certificate() throws Exception {
    Process openssl;
    try {
      openssl =
          new ProcessBuilder(
                  "openssl",
                  "req",
                  "-x509",
                  "-newkey",
                  "rsa:2048",
                  "-nodes",
                  "-days",
                  "2",
                  "-subj",
                  "/CN=" + NAME,
                  "-keyout",
                  "cert.key",
                  "-out",
                  "cert.pem")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("openssl").toFile())
              .start();
    } catch (IOException e) {
      Assumptions.abort("SKIPPED: openssl is not installed");
      return;
    }
    assertEquals(0, openssl.waitFor(), () -> folder.resolve("openssl").toString());
  }

  private static RawClient tls(int port) throws Exception {
    TrustManager any =
        new X509TrustManager() {
          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {any}, new SecureRandom());
    Socket socket = context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    return new RawClient(NAME, socket);
  }
}
