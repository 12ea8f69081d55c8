package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assumptions.abort;

import io.solebox.backend.cuda.kernels.PtxSources.PtxText;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * NVIDIA's assembler and disassembler, of a CUDA toolkit or from wherever {@code SOLEBOX_PTXAS} and
 * {@code SOLEBOX_NVDISASM} point. They show what the driver will make of the PTX; no build needs
 * them.
 */
record Assembler(Path ptxas, Path nvdisasm, String release) {
  private static final Pattern RELEASE = Pattern.compile("release (\\d+\\.\\d+)");
  private static final Pattern ENTRY =
      Pattern.compile(
          "Compiling entry function '(\\w+)'"
              + ".*?(\\d+) bytes stack frame, (\\d+) bytes spill stores, (\\d+) bytes spill loads"
              + ".*?Used (\\d+) registers([^\\n]*)",
          Pattern.DOTALL);
  private static final Pattern SHARED = Pattern.compile("(\\d+) bytes smem");

  /**
   * What an entry takes of a multiprocessor.
   *
   * @param localBytes stack and what was spilled
   */
  record Usage(String entry, int registers, int sharedBytes, int localBytes) {}

  /** Aborts the calling test, which is then reported as skipped, where a tool is missing. */
  static Assembler findOrSkip() {
    Path ptxas = toolOrSkip("ptxas", "SOLEBOX_PTXAS");
    Path nvdisasm = toolOrSkip("nvdisasm", "SOLEBOX_NVDISASM");
    Matcher release = RELEASE.matcher(run(ptxas.toString(), "--version"));
    if (!release.find()) {
      throw new AssertionError(ptxas + " does not say what release it is");
    }
    return new Assembler(ptxas, nvdisasm, release.group(1));
  }

  private static Path toolOrSkip(String name, String variable) {
    Optional<String> given = Optional.ofNullable(System.getenv(variable));
    if (given.isPresent()) {
      return Path.of(given.get());
    }
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(
            Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/local/cuda/bin"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(
            () ->
                abort(
                    "no %s here: it comes with a CUDA toolkit; %s says where else it is"
                        .formatted(name, variable)));
  }

  /** The device that the PTX of a target is assembled for: sm_70 is no longer known to CUDA 13. */
  static String device(String target) {
    return target.equals("sm_70") ? "sm_75" : target;
  }

  /** Assembles a file to {@code cubin}. */
  List<Usage> assemble(PtxText ptx, Path cubin) {
    Path file = cubin.resolveSibling(cubin.getFileName() + ".ptx");
    write(file, ptx.text());
    String device = "-arch=" + device(ptx.target());
    return usages(run(ptxas.toString(), "-v", device, file.toString(), "-o", cubin.toString()));
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<Usage> usages(String text) {
    var usages = new ArrayList<Usage>();
    Matcher m = ENTRY.matcher(text);
    while (m.find()) {
      Matcher shared = SHARED.matcher(m.group(6));
      int local = number(m, 2) + number(m, 3) + number(m, 4);
      usages.add(new Usage(m.group(1), number(m, 5), shared.find() ? number(shared, 1) : 0, local));
    }
    return usages;
  }

  private static int number(Matcher m, int group) {
    return Integer.parseInt(m.group(group));
  }

  String disassemble(Path cubin) {
    return run(nvdisasm.toString(), "-c", cubin.toString());
  }

  private static String run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes());
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ":\n" + text);
      }
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
