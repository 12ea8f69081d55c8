package io.solebox.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Where reference data is found: the folder {@code shared/testdata} beside the checkout, or, for
 * what may be copied, this module's own resources.
 */
public final class TestData {
  private TestData() {}

  /** The shared folder, seen from the root of the checkout or from a module. */
  public static Optional<Path> shared() {
    for (String up : new String[] {"..", "../..", "../../.."}) {
      Path path = Path.of(up, "shared", "testdata");
      if (Files.isDirectory(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  /** A file of the shared folder; skips the test, saying so, where it is absent. */
  public static Path requireShared(String relative) {
    Optional<Path> path = shared().map(root -> root.resolve(relative)).filter(Files::exists);
    if (path.isEmpty()) {
      String reason = "SKIPPED: reference data " + relative + " is not beside this checkout";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    return path.orElseThrow();
  }

  /** A resource of this module as a file in {@code folder}, which the caller owns. */
  public static Path resource(String name, Path folder) {
    Path copy = folder.resolve(name.replace('/', '_'));
    try (InputStream in = TestData.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      Files.copy(in, copy);
      return copy;
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
