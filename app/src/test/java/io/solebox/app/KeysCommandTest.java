package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox keys ...}: one person makes a key, another trusts it. */
class KeysCommandTest {
  @TempDir private Path maker;
  @TempDir private Path box;

  private static CliRunner.Result ok(Path home, String... arguments) {
    var result = new CliRunner(home).run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return result;
  }

  private static String refusal(ErrorCode code, Path home, String... arguments) {
    var result = new CliRunner(home).run(arguments);
    assertEquals(1, result.exitCode(), result.out());
    assertTrue(result.err().contains("[" + code.wireName() + "]"), result.err());
    return result.err();
  }

  @Test
  void aKeyIsMadeHereAndTrustedThere() throws IOException {
    var made = ok(maker, "keys", "make", "acme", "--json").object();
    String pem = ok(maker, "keys", "show", "acme", "--pem").out();
    Path file = Files.writeString(box.resolve("acme.pub"), pem);
    var trusted = ok(box, "keys", "trust", file.toString(), "--json").object();
    assertEquals(made.get("fingerprint"), trusted.get("fingerprint"));
    assertEquals("acme", trusted.get("name"));
    assertEquals("trusted", ok(box, "keys", "ls", "--json").rows().getFirst().get("use"));
    assertEquals(pem, ok(box, "keys", "show", "acme", "--json").object().get("pem"));
    assertTrue(ok(box, "keys", "ls").out().contains((String) made.get("fingerprint")));
    ok(box, "keys", "distrust", "acme");
    assertEquals(List.of(), ok(box, "keys", "ls", "--json").rows());
  }

  @Test
  void noCommandTellsAPrivateKey() throws IOException {
    Path file = Path.of((String) ok(maker, "keys", "make", "acme", "--json").object().get("path"));
    String secret = Files.readString(file).lines().skip(1).findFirst().orElseThrow();
    for (String[] arguments :
        new String[][] {
          {"keys", "ls"},
          {"keys", "ls", "--json"},
          {"keys", "show", "acme"},
          {"keys", "show", "acme", "--pem"},
          {"keys", "show", "acme", "--json"}
        }) {
      var said = ok(maker, arguments);
      assertFalse((said.out() + said.err()).contains(secret), said.out());
    }
    String refused = refusal(ErrorCode.INVALID_PARAMETER, box, "keys", "trust", file.toString());
    assertTrue(refused.contains("private key"), refused);
    assertFalse(refused.contains(secret), refused);
    refusal(ErrorCode.INVALID_PARAMETER, maker, "keys", "make", "acme");
    refusal(ErrorCode.INVALID_PARAMETER, maker, "keys", "make", "../acme");
    refusal(ErrorCode.IO_ERROR, box, "keys", "trust", box.resolve("none.pub").toString());
  }
}
