package io.solebox.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Assumptions;

/**
 * Where reference data is found: the folder {@code shared/testdata} beside the checkout, or, for
 * what may be copied, this module's own resources. {@code SOLEBOX_TESTDATA} names another folder,
 * or hides it with {@code none}, so that tests meet what a plain clone has.
 */
public final class TestData {
  private static final String VARIABLE = "SOLEBOX_TESTDATA";
  private static final String HIDDEN = "none";
  private static final String ARCHITECTURES = "arch/";

  private TestData() {}

  /** The shared folder, seen from the root of the checkout or from a module. */
  public static Optional<Path> shared() {
    String named = System.getenv().getOrDefault(VARIABLE, "");
    if (named.equals(HIDDEN)) {
      return Optional.empty();
    }
    if (!named.isEmpty()) {
      if (!Files.isDirectory(Path.of(named))) {
        throw new IllegalStateException(VARIABLE + " is " + named + ", which is no folder");
      }
      return Optional.of(Path.of(named));
    }
    return Stream.of("..", "../..", "../../..")
        .map(up -> Path.of(up, "shared", "testdata"))
        .filter(Files::isDirectory)
        .findFirst();
  }

  /** A file or folder of the shared folder; skips the test, saying so, where it is absent. */
  public static Path requireShared(String relative) {
    Optional<Path> path = shared().map(root -> root.resolve(relative)).filter(Files::exists);
    if (path.isEmpty()) {
      String reason = "SKIPPED: reference data " + relative + " is not beside this checkout";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return path.orElseThrow();
  }

  /**
   * The folder of references that this project made itself, seen from the root of the checkout or
   * from a module; absent where the test kit is used from elsewhere.
   */
  private static Optional<Path> own() {
    return Stream.of(".", "..", "../..")
        .map(up -> Path.of(up, "engine-testkit", "src", "test", "reference"))
        .filter(Files::isDirectory)
        .findFirst();
  }

  /** A file or folder of ours, as {@code arch/lfm2}. */
  private static Optional<Path> own(String name) {
    return name.startsWith(ARCHITECTURES)
        ? own()
            .map(root -> root.resolve(name.substring(ARCHITECTURES.length())))
            .filter(Files::exists)
        : Optional.empty();
  }

  /** The folder of adapters that this project made itself, as {@link #own()}. */
  static Optional<Path> adapters() {
    return own().map(references -> references.resolveSibling("adapters"));
  }

  /** The same of what matrices of some references are multiplied with. */
  static Optional<Path> inputs() {
    return own().map(references -> references.resolveSibling("inputs"));
  }

  /** What lies in a folder of ours, sorted: of references the folders alone. */
  static List<String> ownNames(String folder) {
    return own(folder + "/").filter(Files::isDirectory).map(TestData::namesIn).orElse(List.of());
  }

  /** Whether this module carries a resource of this name. */
  static boolean hasResource(String name) {
    return TestData.class.getResource(name) != null;
  }

  /** All bytes of a resource of this module. */
  static byte[] resourceBytes(String name) {
    try (InputStream in = TestData.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All bytes of a resource or, where this module carries none of the name, of a shared file. */
  static byte[] bytes(String name) {
    if (hasResource(name)) {
      return resourceBytes(name);
    }
    try {
      Optional<Path> own = own(name);
      return Files.readAllBytes(own.isPresent() ? own.get() : requireShared(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A resource of this module as a file in {@code folder}, which the caller owns. */
  public static Path resource(String name, Path folder) {
    Path copy = folder.resolve(name.replace('/', '_'));
    try {
      if (!Files.exists(copy)) {
        Files.write(copy, resourceBytes(name));
      }
      return copy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A resource, copied to {@code scratch}, or a shared file where this module carries none. */
  static Path file(String name, Path scratch) {
    return hasResource(name)
        ? resource(name, scratch)
        : own(name).orElseGet(() -> requireShared(name));
  }

  /** Whether there is a folder of this name, ours or a shared one. */
  static boolean isFolder(String name) {
    return own(name).or(() -> shared().map(root -> root.resolve(name))).stream()
        .anyMatch(Files::isDirectory);
  }

  /** What lies in a folder of this module's resources, be they files or in a jar; sorted. */
  static List<String> resourcesIn(String folder) {
    URL url = TestData.class.getResource(folder);
    if (url == null) {
      return List.of();
    }
    String place = url.toString();
    if (!place.startsWith("jar:")) {
      return namesIn(Path.of(URI.create(place)));
    }
    // As in jar:file:/modules/testkit.jar!/io/solebox/testkit/arch.
    int split = place.indexOf("!/");
    String prefix = place.substring(split + 2) + "/";
    try (var jar = new ZipFile(Path.of(URI.create(place.substring(4, split))).toFile())) {
      return jar.stream()
          .map(ZipEntry::getName)
          .filter(name -> name.startsWith(prefix) && name.length() > prefix.length())
          .map(name -> name.substring(prefix.length()).split("/", 2)[0])
          .distinct()
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What lies in a folder of the shared folder, sorted; nothing where it is absent. */
  static List<String> sharedNames(String folder) {
    return shared()
        .map(root -> root.resolve(folder))
        .filter(Files::isDirectory)
        .map(TestData::namesIn)
        .orElse(List.of());
  }

  /** Names of what lies in a folder, sorted. */
  static List<String> namesIn(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of a raw little-endian f32 file. */
  public static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
