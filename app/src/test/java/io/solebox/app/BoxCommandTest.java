package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox box key}. */
class BoxCommandTest {
  @TempDir private Path home;

  private String out(String... arguments) {
    var result = new CliRunner(home).run(arguments);
    assertEquals(0, result.exitCode(), result.err());
    return result.out();
  }

  @Test
  void thePublicHalfIsShownAndTheOtherNever() throws IOException {
    var shown = CliRunner.asObject(CliRunner.json(out("box", "key", "--json")));
    String pem = (String) shown.get("pem");
    assertEquals(pem, out("box", "key", "--pem"));
    String text = out("box", "key");
    assertTrue(text.contains((String) shown.get("fingerprint")) && text.endsWith(pem), text);
    Path file = home.resolve("server/box-signing.pem");
    String secret = Files.readString(file).lines().skip(1).findFirst().orElseThrow();
    assertFalse((text + shown).contains(secret));
  }

  @Test
  void eachFolderHasItsOwn() {
    String other = home.resolve("other").toString();
    assertFalse(out("box", "key", "--state", other, "--json").equals(out("box", "key", "--json")));
  }

  @Test
  void withoutACommandItSaysWhichThereAre() {
    var result = new CliRunner(home).run("box");
    assertEquals(2, result.exitCode());
    assertTrue(result.err().contains("key"), result.err());
  }
}
