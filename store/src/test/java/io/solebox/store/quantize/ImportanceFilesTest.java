package io.solebox.store.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.imatrix.ImportanceFiles;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of importance, as llama.cpp writes them. */
class ImportanceFilesTest {
  @TempDir private Path folder;

  /** Of one matrix of two columns, with how often it was looked at. */
  private static byte[] one(int calls, float value) {
    return ByteBuffer.allocate(25)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(1)
        .putInt(1)
        .put((byte) 'w')
        .putInt(calls)
        .putInt(2)
        .putFloat(value)
        .putFloat(6)
        .array();
  }

  @ParameterizedTest
  @ValueSource(strings = {"src2.imatrix.gguf", "src2.imatrix.dat"})
  void bothFormatsSayTheSame(String name) throws IOException {
    ImportanceMatrix read = ImportanceFiles.read(References.file(name));
    var sources = References.map(References.json("manifest.json").get("sources"));
    ImportanceMatrix made =
        SyntheticModel.of("src2", References.map(sources.get("src2"))).importance();
    assertEquals(made.entries().keySet(), read.entries().keySet());
    made.entries()
        .forEach(
            (matrix, entry) ->
                assertArrayEquals(entry.means(), read.entries().get(matrix).means(), matrix));
  }

  @ParameterizedTest
  @ValueSource(strings = {"src2.imatrix.gguf", "src2.imatrix.dat"})
  void aFileThatIsCutIsRefused(String name) throws IOException {
    byte[] whole = Files.readAllBytes(References.file(name));
    Path file = folder.resolve(name);
    for (int length = 0; length < whole.length - 200; length += 97) {
      Files.write(file, Arrays.copyOf(whole, length));
      var e = assertThrows(SoleboxException.class, () -> ImportanceFiles.read(file));
      assertEquals("bad_model_file", e.code().wireName());
    }
  }

  @Test
  void sumsAreDividedByCalls() throws IOException {
    Path file = Files.write(folder.resolve("one.dat"), one(3, 12));
    float[] means = ImportanceFiles.read(file).entries().get("w").means();
    assertArrayEquals(new float[] {4, 2}, means);
  }

  @Test
  void whatIsNoNumberIsRefused() throws IOException {
    Path file = Files.write(folder.resolve("one.dat"), one(3, Float.NaN));
    var e = assertThrows(SoleboxException.class, () -> ImportanceFiles.read(file));
    assertEquals("bad_model_file", e.code().wireName());
  }
}
