package io.solebox.store.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.solebox.engine.backend.InputSquares;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.imatrix.FoundImportance;
import io.solebox.store.imatrix.ImportanceFiles;
import io.solebox.store.imatrix.ImportanceFiles.Format;
import io.solebox.store.imatrix.ImportanceMatrix;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  /** A dense matrix, and one of three experts of which one met nothing. */
  private static ImportanceMatrix found() {
    var squares =
        List.of(
            new InputSquares(Set.of("blk.0.a.weight", "blk.0.b.weight"), f(8, 2), new long[] {4}),
            new InputSquares(Set.of("blk.0.x.weight"), f(4, 8, 0, 0, 9, 3), new long[] {4, 0, 1}),
            new InputSquares(Set.of("output.weight"), f(0, 0), new long[] {0}));
    return new ImportanceMatrix(
        "found",
        List.of("a text"),
        OptionalInt.of(2),
        OptionalInt.of(2),
        FoundImportance.of(squares));
  }

  private static float[] f(float... values) {
    return values;
  }

  private static void assertSame(ImportanceMatrix expected, ImportanceMatrix read) {
    assertEquals(expected.datasets(), read.datasets());
    assertEquals(expected.chunks(), read.chunks());
    assertEquals(expected.entries().keySet(), read.entries().keySet());
    expected
        .entries()
        .forEach(
            (name, entry) ->
                assertArrayEquals(entry.means(), read.entries().get(name).means(), name));
  }

  @Test
  void whatWasFoundIsReadAgainFromBothFormats() {
    ImportanceMatrix found = found();
    assertEquals(Set.of("blk.0.a.weight", "blk.0.b.weight", "blk.0.x.weight"), names(found));
    assertEquals(List.of(1), found.entries().get("blk.0.x.weight").unused());
    for (Format format : Format.values()) {
      Path file = folder.resolve("found." + format);
      ImportanceFiles.write(file, found, format);
      assertSame(found, ImportanceFiles.read(file));
    }
    ImportanceMatrix read = ImportanceFiles.read(folder.resolve("found.GGUF"));
    assertEquals(found.chunkTokens(), read.chunkTokens());
    assertArrayEquals(f(4, 0, 1), read.entries().get("blk.0.x.weight").counts());
  }

  private static Set<String> names(ImportanceMatrix matrix) {
    return matrix.entries().keySet();
  }

  /** As llama.cpp writes it: means times the chunks of the expert that met most. */
  @Test
  void theOlderFormatIsLlamaCppsToTheByte() throws IOException {
    Path file = folder.resolve("found.dat");
    ImportanceFiles.write(file, found(), Format.DAT);
    ByteBuffer expected = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN).putInt(3);
    for (String name : List.of("blk.0.a.weight", "blk.0.b.weight")) {
      put(expected, name).putInt(2).putInt(2).putFloat(4).putFloat(1);
    }
    put(expected, "blk.0.x.weight").putInt(2).putInt(6).putFloat(2).putFloat(4);
    expected.putFloat(2).putFloat(2).putFloat(18).putFloat(6).putInt(2);
    put(expected, "a text");
    assertArrayEquals(
        Arrays.copyOf(expected.array(), expected.position()), Files.readAllBytes(file));
  }

  private static ByteBuffer put(ByteBuffer out, String text) {
    return out.putInt(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void twoTogetherWeighWhatTheyRead(Format format) {
    Path file = folder.resolve("first");
    ImportanceFiles.write(file, found(), format);
    ImportanceMatrix both = ImportanceFiles.read(file).plus(found());
    assertEquals(OptionalInt.of(4), both.chunks());
    assertEquals(List.of("a text", "a text"), both.datasets());
    assertArrayEquals(f(8), both.entries().get("blk.0.a.weight").counts());
    assertArrayEquals(f(2, 0.5f), both.entries().get("blk.0.a.weight").means());
  }

  @Test
  void onlyWhatIsOfOneModelAndOfOneLengthIsAdded() {
    var longer =
        new ImportanceMatrix("longer", List.of(), OptionalInt.of(1), OptionalInt.of(4), Map.of());
    var e = assertThrows(SoleboxException.class, () -> longer.plus(found()));
    assertEquals("Use --context 4.", e.remedy());
    var other =
        new ImportanceMatrix(
            "other",
            List.of(),
            OptionalInt.of(1),
            OptionalInt.of(2),
            Map.of("blk.0.a.weight", new ImportanceMatrix.Entry(f(1, 2, 3), f(1))));
    e = assertThrows(SoleboxException.class, () -> other.plus(found()));
    assertEquals("other, blk.0.a.weight", e.place());
  }

  @Test
  void whatIsNoNumberIsNamedWhileItIsFound() {
    var squares = List.of(new InputSquares(Set.of("w"), f(1, Float.NaN), new long[] {1}));
    var e = assertThrows(SoleboxException.class, () -> FoundImportance.of(squares));
    assertEquals("non_finite", e.code().wireName());
    assertEquals("w", e.place());
  }

  /** As newer versions of llama.cpp have them. */
  @Test
  void sumsOfInputsThemselvesArePassedOverAndOthersRefused() {
    Path file = folder.resolve("newer.gguf");
    writer(".in_sum2", ".counts", ".in_sum").write(file);
    assertArrayEquals(f(0), ImportanceFiles.read(file).entries().get("w").sums());
    writer(".in_sum2", ".counts", ".in_sum4").write(file);
    assertThrows(SoleboxException.class, () -> ImportanceFiles.read(file));
    writer(".counts").write(file);
    assertThrows(SoleboxException.class, () -> ImportanceFiles.read(file));
  }

  private static GgufWriter writer(String... endings) {
    var writer = new GgufWriter().put("general.type", "imatrix");
    for (String ending : endings) {
      writer.tensor(
          "w" + ending,
          TensorType.F32,
          List.of(1L, 1L),
          GgufWriter.TensorData.of(MemorySegment.ofArray(new byte[4])));
    }
    return writer;
  }
}
