package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A million hostile pieces into the C, built so that each wrong access or overflow ends it. */
class SanitizedTest {
  private static final Path FIRMWARE = Path.of("../firmware");

  @TempDir Path folder;

  private record Outcome(int code, String said) {}

  private Outcome run(List<String> command) throws Exception {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Outcome(process.waitFor(), Files.readString(log));
  }

  private static List<String> sources(String directory) throws IOException {
    try (Stream<Path> files = Files.list(FIRMWARE.resolve(directory))) {
      return files.map(Path::toString).filter(name -> name.endsWith(".c")).sorted().toList();
    }
  }

  @Test
  void aMillionHostilePiecesBreakNothing() throws Exception {
    Path program = folder.resolve("fuzz");
    List<String> command =
        new ArrayList<>(List.of("gcc", "-std=c11", "-O1", "-g", "-fsanitize=address,undefined"));
    command.addAll(List.of("-fno-sanitize-recover=all", "-o", program.toString()));
    for (String directory : List.of("core", "host", "host/fuzz")) {
      command.addAll(sources(directory));
    }
    assumeTrue(sanitizers(), "SKIPPED: there is no gcc with sanitizers");
    Outcome built = run(command);
    assertEquals(0, built.code(), built.said());
    Outcome outcome = run(List.of(program.toString(), "21", "1000000"));
    assertEquals(0, outcome.code(), outcome.said());
    assertTrue(outcome.said().startsWith("1000000 pieces"), outcome.said());
    assertTrue(outcome.said().contains(" 0 violations"), outcome.said());
  }

  private boolean sanitizers() throws Exception {
    Path empty = Files.writeString(folder.resolve("empty.c"), "int main(void) { return 0; }\n");
    Path program = folder.resolve("empty");
    try {
      List<String> compile =
          List.of(
              "gcc", "-fsanitize=address,undefined", "-o", program.toString(), empty.toString());
      return run(compile).code() == 0 && run(List.of(program.toString())).code() == 0;
    } catch (IOException e) {
      return false; // no gcc at all
    }
  }
}
