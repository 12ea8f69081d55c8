package io.solebox.hardware.nvml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A library of NVML without GPUs, compiled of {@code src/test/c/fake-nvml.c} in a folder of its
 * own; what it says and how it fails is set here, and that file tells the words. Tests are skipped
 * where there is no C compiler.
 */
public final class FakeNvml {
  private final Path library;
  private final Map<String, String> lines = new LinkedHashMap<>();

  private FakeNvml(Path library) {
    this.library = library;
  }

  /** One of a driver of today. */
  public static FakeNvml in(Path folder) throws IOException, InterruptedException {
    return build(folder, List.of());
  }

  /** One of a driver of years ago. */
  public static FakeNvml oldIn(Path folder) throws IOException, InterruptedException {
    return build(folder, List.of("-DOLD"));
  }

  private static FakeNvml build(Path folder, List<String> options)
      throws IOException, InterruptedException {
    Path library = folder.resolve("libnvidia-ml.so.1");
    Path source = Path.of("..", "hardware", "src", "test", "c", "fake-nvml.c");
    List<String> command =
        new ArrayList<>(List.of("cc", "-O1", "-Wall", "-Wextra", "-shared", "-fPIC"));
    command.addAll(options);
    command.addAll(List.of("-o", library.toString(), source.toString(), "-ldl"));
    Process process;
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      assumeTrue(false, "SKIPPED: there is no cc: " + e.getMessage());
      throw e;
    }
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return new FakeNvml(library);
  }

  /** Where it is. */
  public Path library() {
    return library;
  }

  /** Sets a value; of one GPU alone with a key as in {@code core.1}. */
  public synchronized FakeNvml set(String key, Object value) throws IOException {
    lines.put(key, key + " " + value);
    return written();
  }

  /** Has a function say that the GPU cannot do it. */
  public synchronized FakeNvml without(String function) throws IOException {
    lines.put("no " + function, "no " + function);
    return written();
  }

  /** Has a function say that root is needed. */
  public synchronized FakeNvml rootFor(String function) throws IOException {
    lines.put("root " + function, "root " + function);
    return written();
  }

  /** Whole at any moment: it is read while it is written. */
  private FakeNvml written() throws IOException {
    Path next = beside(".next");
    Files.write(next, lines.values());
    Files.move(
        next, beside(".txt"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return this;
  }

  /** What GPUs were told, as in {@code lock 0 1140 1140}. */
  public List<String> log() throws IOException {
    Path log = beside(".log");
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  /** Forgets locks and limits, as a driver does that is loaded again. */
  public void reloadDriver() throws IOException {
    Files.deleteIfExists(beside(".locks"));
    Files.deleteIfExists(beside(".limits"));
  }

  private Path beside(String suffix) {
    return library.resolveSibling(library.getFileName() + suffix);
  }
}
