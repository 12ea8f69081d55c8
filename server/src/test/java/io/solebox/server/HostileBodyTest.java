package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random hostile bodies, from a fixed seed: an answer or a 4xx, and never a trace. */
@Timeout(120)
class HostileBodyTest {
  private static final int ROUNDS = 1500;

  private static final String VALID =
      """
      {"model":"echo","messages":[{"role":"system","content":"Be brief."},{"role":"user",\
      "content":[{"type":"text","text":"Grüße \\u00e9 🌍"}]}],"temperature":0.7,"top_p":0.9,\
      "top_k":40,"max_tokens":5,"seed":1,"stop":["a","\\n"],"logit_bias":{"5":-1.5},\
      "stream":false,"logprobs":true,"top_logprobs":2,"n":1,"user":"u","metadata":{"a":[1,{}]}}\
      """;

  private static final String[] SPLINTERS = {
    "null",
    "true",
    "-1",
    "1e308",
    "1e-400",
    "123456789012345678901234567890",
    "\"\"",
    "[]",
    "{}",
    "[[[[",
    "]]]]",
    "{\"a\":",
    "\\u0000",
    "\\ud83d",
    "\"\\",
    ",",
    ":",
    "\u0000",
    "\uFEFF",
    "NaN",
    "0x10",
    "/*",
    "//",
    "'",
    "\"messages\":",
    "\"model\":5,",
    "\"stream\":true,",
    "\"stop\":\"",
    "9999999999",
    "-0.0",
    "1E+2",
    "\"role\":\"assistant\",",
    "<|im_end|>",
    "{{7*7}}"
  };

  private final Random random = new Random(20_25);

  @Test
  void neverMoreThanAClientError() throws IOException {
    PrintStream stderr = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try (TestServer server = new TestServer()) {
      for (int round = 0; round < ROUNDS; round++) {
        byte[] body = body();
        String path = random.nextInt(4) == 0 ? "/v1/completions" : "/v1/chat/completions";
        try (RawClient client = server.client()) {
          client.request("POST", path, body);
          check(client.receive(), body);
        }
      }
      assertEquals(0, server.model.running());
      assertEquals("still here", server.postChat("still here", "").at("choices.0.message.content"));
    } finally {
      System.setErr(stderr);
    }
    assertEquals("", log.toString(StandardCharsets.UTF_8));
  }

  private static void check(RawClient.Answer answer, byte[] body) {
    String all = new String(body, StandardCharsets.ISO_8859_1);
    String sent = all.substring(0, Math.min(all.length(), 2000));
    boolean fine = answer.status() == 200;
    assertTrue(
        fine || (answer.status() >= 400 && answer.status() < 500), () -> answer.text() + sent);
    if (!fine) {
      assertEquals("invalid_request_error", answer.at("error.type"), sent);
      String message = (String) answer.at("error.message");
      assertTrue(message.length() < 2000 && !message.contains("java."), message);
    }
  }

  private byte[] body() {
    byte[] bytes = VALID.getBytes(StandardCharsets.UTF_8);
    for (int n = 1 + random.nextInt(3); n > 0; n--) {
      bytes = mutated(bytes);
    }
    return bytes.length == 0 ? new byte[] {'{'} : bytes;
  }

  private byte[] mutated(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, at + random.nextInt(12));
    return switch (random.nextInt(8)) {
      case 0 -> spliced(bytes, at, to, new byte[0]);
      case 1, 2, 3 -> spliced(bytes, at, to, splinter());
      case 4 -> spliced(bytes, at, at, splinter());
      case 5 -> spliced(bytes, at, to, new byte[] {(byte) random.nextInt(256)});
      case 6 -> spliced(bytes, at, at, repeated());
      default -> spliced(bytes, at, bytes.length, new byte[0]);
    };
  }

  private byte[] splinter() {
    return SPLINTERS[random.nextInt(SPLINTERS.length)].getBytes(StandardCharsets.UTF_8);
  }

  private byte[] repeated() {
    String unit = new String[] {"[", "{\"a\":", "x", "9", "\\u0041", "é"}[random.nextInt(6)];
    return unit.repeat(1 << random.nextInt(16)).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, from);
    out.writeBytes(middle);
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }
}
