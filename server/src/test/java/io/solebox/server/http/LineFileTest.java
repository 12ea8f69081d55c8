package io.solebox.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineFileTest {
  @TempDir private Path folder;

  private static byte[] line(String text) {
    return (text + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Whoever ends work interrupts its thread; what others do is told all the same. */
  @Test
  void anInterruptEndsNoLog() throws IOException {
    Path path = folder.resolve("access.log");
    try (LineFile file = LineFile.open("--access-log", path)) {
      Thread.currentThread().interrupt();
      file.write(line("ended"));
      assertTrue(Thread.interrupted(), "and it stays interrupted");
      file.write(line("later"));
    }
    assertEquals(List.of("ended", "later"), Files.readAllLines(path));
  }
}
