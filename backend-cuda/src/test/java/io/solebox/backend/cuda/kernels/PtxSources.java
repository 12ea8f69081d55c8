package io.solebox.backend.cuda.kernels;

import io.solebox.backend.cuda.driver.Target;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The kernels' sources and what {@code build.sh} makes of them, read from the project's tree. */
final class PtxSources {
  static final List<String> TARGETS = List.of("sm_70", "sm_80", "sm_90");

  private static final Path SOURCES = Path.of("src/main/cuda");
  private static final Path PTX = Path.of("src/main/resources/io/solebox/backend/cuda/ptx");

  private PtxSources() {}

  /**
   * A PTX file.
   *
   * @param defines as on the compiler's command line, separated by spaces
   */
  record PtxModule(String name, String source, String defines) {}

  static List<PtxModule> modules() {
    var modules = new ArrayList<PtxModule>();
    words("modules.txt").forEach(w -> modules.add(new PtxModule(w[0], w[1], "")));
    words("formats.txt").forEach(w -> modules.addAll(ofFormat(w)));
    return modules;
  }

  private static List<PtxModule> ofFormat(String[] words) {
    String defines = "-DFORMAT=%s -DNAME=%s".formatted(words[1], words[0]);
    String halves = words.length > 2 ? " -DHALVES_FROM=" + words[2] : "";
    return List.of(
        new PtxModule("embed_" + words[0], "embed.cu", defines),
        new PtxModule("linear_" + words[0], "linear.cu", defines),
        new PtxModule("matmul_" + words[0], "matmul.cu", defines + halves));
  }

  private static Stream<String[]> words(String file) {
    return read(SOURCES.resolve(file)).lines().map(line -> line.split(" "));
  }

  /** The formats that there are kernels for. */
  static Stream<TensorType> formats() {
    return words("formats.txt").map(w -> TensorType.valueOf(w[0].toUpperCase(Locale.ROOT)));
  }

  /** The file that GPUs of a target take: their own, or the nearest before. */
  static Path file(String target, PtxModule module) {
    return targetNamed(target).directories().stream()
        .map(folder -> PTX.resolve(folder).resolve(module.name() + ".ptx"))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no PTX of " + module));
  }

  private static Target targetNamed(String name) {
    return Target.valueOf(name.toUpperCase(Locale.ROOT));
  }

  static List<String> committed(String target) {
    try (Stream<Path> files = Files.list(PTX.resolve(target))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The hash that build.sh writes: source, headers by name, flags, compiler version. */
  static String hash(String target, PtxModule module, String compiler) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(Files.readAllBytes(SOURCES.resolve(module.source())));
      for (Path header : headers()) {
        digest.update(Files.readAllBytes(header));
      }
      String flags = read(SOURCES.resolve("flags.txt")).strip();
      String all = "%s --cuda-gpu-arch=%s %s".formatted(flags, target, module.defines());
      digest.update("%s\n%s\n".formatted(all, compiler).getBytes());
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Path> headers() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.filter(f -> f.toString().endsWith(".cuh")).sorted().toList();
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All modules for all targets. */
  static Stream<PtxText> all() {
    return TARGETS.stream().flatMap(t -> modules().stream().map(m -> new PtxText(t, m)));
  }

  /** A committed file as GPUs of a target take it. */
  record PtxText(String target, PtxModule module) {
    String text() {
      return targetNamed(target).specialize(read(file(target, module)));
    }

    /** The target that it was compiled for. */
    String compiledFor() {
      return file(target, module).getParent().getFileName().toString();
    }

    /** The value of one of the comment lines that build.sh writes first. */
    String header(String key) {
      String start = "// " + key + " ";
      return Arrays.stream(text().split("\n", 4))
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(start.length()))
          .findFirst()
          .orElseThrow(() -> new AssertionError(this + " has no line '" + start + "'"));
    }

    @Override
    public String toString() {
      return target + "/" + module.name();
    }
  }
}
