package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The library of NVML without GPUs that the module {@code hardware} has for its tests; its source
 * tells the words. Tests are skipped where there is no C compiler.
 */
public final class FakeGpu {
  private static final Path SOURCE = Path.of("../hardware/src/test/c/fake-nvml.c");

  private final Path library;
  private final Map<String, String> lines = new LinkedHashMap<>();

  /** Compiles it in a folder. */
  public FakeGpu(Path folder) throws IOException, InterruptedException {
    library = folder.resolve("libnvidia-ml.so.1");
    var command =
        List.of("cc", "-O1", "-shared", "-fPIC", "-o", library.toString(), SOURCE.toString());
    Process compiler;
    try {
      compiler = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "SKIPPED: there is no cc: " + e.getMessage());
      throw e;
    }
    String said = new String(compiler.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, compiler.waitFor(), said);
    set("gpus 1");
  }

  public Path library() {
    return library;
  }

  /** Says something in the words of the source, as in {@code core 70}. */
  public FakeGpu set(String line) throws IOException {
    lines.put(line.split(" ")[0].equals("no") ? line : line.split(" ")[0], line);
    Path next = library.resolveSibling("next");
    Files.write(next, lines.values());
    Path words = library.resolveSibling(library.getFileName() + ".txt");
    Files.move(next, words, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return this;
  }

  /** What it was told. */
  public List<String> log() throws IOException {
    Path log = library.resolveSibling(library.getFileName() + ".log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }
}
