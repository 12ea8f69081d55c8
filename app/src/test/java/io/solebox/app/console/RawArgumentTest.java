package io.solebox.app.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File names that are no UTF-8. */
class RawArgumentTest {
  @TempDir Path folder;

  private static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String decoded(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void theBytesOfAnArgumentAreFoundAgain() {
    byte[] line = latin1("java\0run\0m\u00fcll.gguf\0--out=\u00e4\u00f6\0plain\0");
    for (String wanted : new String[] {"m\u00fcll.gguf", "\u00e4\u00f6", "plain"}) {
      byte[] found = RawArgument.find(line, decoded(latin1(wanted))).orElseThrow();
      assertArrayEquals(latin1(wanted), found);
    }
    assertTrue(RawArgument.find(line, "\ufffdnot there").isEmpty());
  }

  @Test
  void aPathIsMadeOfExactlyThese() throws IOException {
    Path file = Path.of(URI.create(folder.toUri() + "m%FCll%25%20.gguf"));
    Files.writeString(file, "x");
    Path made = RawArgument.toPath(latin1(folder + "/m\u00fcll% .gguf"));
    assertEquals("x", Files.readString(made));
    assertEquals("m\ufffdll% .gguf", made.getFileName().toString());
    Path relative = RawArgument.toPath(latin1("a/\u00fc"));
    assertEquals("a/\ufffd", relative.toString());
  }

  @Test
  void otherArgumentsAreTakenAsTheyAre() {
    assertEquals(Path.of("a/ü.gguf"), RawArgument.path("a/ü.gguf"));
    assertEquals(Path.of("a\ufffd"), RawArgument.path("a\ufffd"), "no argument of this process");
  }
}
