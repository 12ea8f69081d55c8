package io.solebox.engine.source.gguf;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryFile;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged headers give a SoleboxException or a sound file, quickly and without much memory. */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class GgufFuzzTest {
  private static final long MOST_BYTES = 32L << 20;

  private static int opened;
  private static int refused;

  @TempDir Path folder;

  static Stream<byte[]> sound() throws IOException {
    Path path = Files.createTempFile("sound", ".gguf");
    try {
      return Stream.of(Files.readAllBytes(TinyGguf.write(path)));
    } finally {
      Files.delete(path);
    }
  }

  @MethodSource("sound")
  @DictionaryFile(resourcePath = "/fuzz-dictionaries/gguf.dict")
  @Timeout(60)
  @FuzzTest(maxDuration = "12s", maxExecutions = 20_000)
  void mutatedHeaders(byte[] damaged) throws IOException {
    Path path = folder.resolve("damaged.gguf");
    Files.write(path, damaged);
    long used = usedToRead(path);
    if (used >= MOST_BYTES) {
      // The first to reach a class pays for its instrumentation; what the file asks for comes
      // again.
      used = usedToRead(path);
    }
    assertTrue(used < MOST_BYTES, "allocated " + used);
  }

  private static long usedToRead(Path path) {
    long before = usedBytes();
    if (survives(path)) {
      opened++;
    } else {
      refused++;
    }
    return usedBytes() - before;
  }

  @AfterAll
  static void someOpenedAndSomeDidNot() {
    assertTrue(opened > 0 && refused > 0, "opened " + opened + ", refused " + refused);
  }

  /** Opens the file and touches everything in it. */
  private static boolean survives(Path path) {
    try (GgufSource file = GgufSource.open(path, ModelSource.Access.MAPPED)) {
      for (TensorInfo tensor : file.tensors()) {
        assertTrue(tensor.rows() > 0 && tensor.cols() > 0);
        file.data(tensor).toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
      }
      for (String key : file.metadata().keys()) {
        touch(file.metadata(), key);
      }
      return true;
    } catch (SoleboxException e) {
      assertFalse(e.describe().isBlank());
      return false;
    }
  }

  private static void touch(Metadata metadata, String key) {
    List<Runnable> readers =
        List.of(
            () -> metadata.intOr(key, 0),
            () -> metadata.stringOr(key, ""),
            () -> metadata.strings(key).forEach(text -> assertNotNull(text)),
            () -> metadata.ints(key),
            () -> metadata.floats(key));
    for (Runnable reader : readers) {
      try {
        reader.run();
      } catch (SoleboxException e) {
        assertFalse(e.describe().isBlank());
      }
    }
  }

  /** Memory taken since the last collection; a huge array would show. */
  private static long usedBytes() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
