package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import io.solebox.server.http.HttpLimits.Times;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random hostile bytes on a socket, from a fixed seed: what is answered is HTTP and no fault of
 * ours, what is broken is closed, and nothing is logged.
 */
@Timeout(180)
class HostileBytesTest {
  private static final int ROUNDS = 1200;

  private static final String BODY = "{\"prompt\":\"abc\",\"max_tokens\":3}";

  /** Sound requests; HOST stands for the right one. */
  private static final List<String> SOUND =
      List.of(
          "GET /health HTTP/1.1\r\nHost: HOST\r\n\r\n",
          "HEAD /v1/models HTTP/1.0\r\nHost: HOST\r\nConnection: keep-alive\r\n\r\n",
          "OPTIONS /v1/models HTTP/1.1\r\nHost: HOST\r\nOrigin: app://x\r\n"
              + "Access-Control-Request-Method: GET\r\n\r\n",
          "POST /v1/completions HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\n"
              + "Content-Length: 32\r\n\r\n"
              + BODY,
          "POST /v1/completions HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n10;a=b\r\n"
              + BODY.substring(0, 16)
              + "\r\n10\r\n"
              + BODY.substring(16)
              + "\r\n0\r\nT: u\r\n\r\n",
          "POST /v1/chat/completions HTTP/1.1\r\n"
              + "Host: HOST\r\n"
              + "Content-Type: application/json\r\n"
              + "Expect: 100-continue\r\n"
              + "Accept-Encoding: gzip\r\n"
              + "Content-Length: 68\r\n\r\n"
              + "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],\"stream\":true,\"seed\":1}");

  private static final String[] SPLINTERS = {
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    " ",
    "\t",
    "\0",
    ":",
    ";",
    "0\r\n\r\n",
    "ffffffffffffffff\r\n",
    "-1",
    "Content-Length: 5\r\n",
    "Content-Length: 99999999999\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "Content-Encoding: gzip\r\n",
    "Connection: close\r\n",
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
    "Expect: 100-continue\r\n",
    "Host: evil.example\r\n",
    "Origin: null\r\n",
    "HTTP/2.0",
    "HTTP/0.9",
    "CONNECT",
    "TRACE",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "http://HOST/health",
    "/../..%2f%00",
    "//",
    "%zz",
    "*",
    "?a=b&c",
    "\u00ff\u00fe",
    "\u0016\u0003\u0001\u0002\u0000"
  };

  private final Random random = new Random(20_26);

  @Test
  void whateverIsSentTheServerStands() throws IOException {
    PrintStream stderr = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    Duration soon = Duration.ofSeconds(3);
    HttpLimits limits =
        HttpLimits.defaults().withTimes(new Times(soon, soon, soon, soon, soon, soon));
    try (TestServer server = new TestServer(ServerConfig.defaults().withLimits(limits))) {
      for (int round = 0; round < ROUNDS; round++) {
        byte[] bytes = bytes("127.0.0.1:" + server.server.port());
        try (RawClient client = server.client()) {
          client.trySend(new String(bytes, StandardCharsets.ISO_8859_1));
          client.tryShutdownOutput();
          check(client, bytes);
        }
      }
      assertEquals("abc", server.postCompletion("abc", "").at("choices.0.text"));
      assertEquals(0, server.model.running());
      assertEquals(0, server.server.counters().get("body_bytes"));
    } finally {
      System.setErr(stderr);
    }
    assertEquals("", log.toString(StandardCharsets.UTF_8));
  }

  private static void check(RawClient client, byte[] sent) {
    String what = new String(sent, StandardCharsets.ISO_8859_1);
    try {
      // An answer to HEAD has no body, and only who asked knows.
      if (!what.contains("HEAD")) {
        List<Integer> statuses = client.statusesUntilClosed();
        statuses.forEach(status -> assertTrue(status < 500, () -> statuses + what));
      }
    } catch (IOException e) {
      throw new AssertionError(what, e);
    }
  }

  private byte[] bytes(String host) {
    StringBuilder text = new StringBuilder();
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      text.append(SOUND.get(random.nextInt(SOUND.size())));
    }
    for (int n = random.nextInt(4); n > 0; n--) {
      int at = random.nextInt(text.length());
      int to = Math.min(text.length(), at + random.nextInt(8));
      switch (random.nextInt(5)) {
        case 0 -> text.delete(at, to);
        case 1 -> text.replace(at, to, splinter());
        case 2 -> text.setCharAt(at, (char) random.nextInt(256));
        case 3 -> text.insert(at, text.substring(at, to).repeat(1 << random.nextInt(12)));
        default -> text.insert(lineStart(text, at), splinter());
      }
    }
    return text.toString().replace("HOST", host).getBytes(StandardCharsets.ISO_8859_1);
  }

  private String splinter() {
    return SPLINTERS[random.nextInt(SPLINTERS.length)];
  }

  private static int lineStart(StringBuilder text, int at) {
    int end = text.lastIndexOf("\n", at);
    return end < 0 ? 0 : end + 1;
  }
}
