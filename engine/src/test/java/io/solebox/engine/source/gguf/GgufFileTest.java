package io.solebox.engine.source.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GgufFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(ModelSource.Access.class)
  void whatWasWrittenIsRead(ModelSource.Access access) {
    Path path = TinyGguf.write(folder.resolve("tiny.gguf"));
    try (GgufSource file = GgufSource.open(path, access)) {
      assertEquals(3, GgufHeader.read(path).version());
      Metadata metadata = file.metadata();
      assertEquals("llama", metadata.string("general.architecture"));
      assertEquals(7, metadata.intValue("llama.block_count"));
      assertEquals(1e-5f, metadata.floatValue("llama.epsilon"));
      assertTrue(metadata.boolOr("flag", false));
      assertEquals(List.of("a", "", "ü€😀"), metadata.strings("words"));
      assertArrayEquals(new int[] {-1, 0, 1 << 30}, metadata.ints("ints"));
      assertArrayEquals(new float[] {-0.5f, 1e30f}, metadata.floats("floats"));
      assertEquals(5, metadata.intOr("absent", 5));
      assertEquals(List.of("v", "m"), file.tensors().stream().map(TensorInfo::name).toList());
      TensorInfo matrix = file.tensor("m").orElseThrow();
      assertEquals(32, matrix.cols());
      assertEquals(6, matrix.rows());
      assertEquals(192, matrix.elements());
      MemorySegment data = file.data(matrix);
      assertTrue(data.isReadOnly());
      assertEquals(6 * 34, data.byteSize());
      assertEquals(17, data.get(ValueLayout.JAVA_BYTE, 0));
      file.checkUnchanged();
    }
  }

  @Test
  void everyValueTypeRoundTrips() {
    List<MetadataValue> values =
        List.of(
            new MetadataValue.Whole(ValueType.U8, 255),
            new MetadataValue.Whole(ValueType.I8, -128),
            new MetadataValue.Whole(ValueType.U16, 65535),
            new MetadataValue.Whole(ValueType.I16, -32768),
            new MetadataValue.Whole(ValueType.U32, 0xffff_ffffL),
            new MetadataValue.Whole(ValueType.I32, Integer.MIN_VALUE),
            new MetadataValue.Whole(ValueType.U64, -1),
            new MetadataValue.Whole(ValueType.I64, Long.MIN_VALUE),
            new MetadataValue.Real(ValueType.F32, 0.25),
            new MetadataValue.Real(ValueType.F64, Math.PI),
            new MetadataValue.Bool(false),
            new MetadataValue.Text("x"));
    GgufWriter writer = new GgufWriter();
    for (int i = 0; i < values.size(); i++) {
      writer.put("k" + i, values.get(i));
    }
    writer.put(
        "nested",
        new MetadataValue.Nested(List.of(new MetadataValue.Longs(ValueType.U32, longs()))));
    writer.put("bytes", new MetadataValue.Bytes(ValueType.U8, new byte[] {-1, 2}));
    writer.put("shorts", new MetadataValue.Ints(ValueType.U16, new int[] {65535, 2}));
    writer.put("doubles", new MetadataValue.Doubles(new double[] {1e300}));
    writer.put("bools", new MetadataValue.Bools(new boolean[] {true, false}));
    Path path = folder.resolve("values.gguf");
    writer.write(path);
    Metadata read = GgufHeader.read(path).metadata();
    for (int i = 0; i < values.size(); i++) {
      assertEquals(values.get(i), read.find("k" + i).orElseThrow());
    }
    assertArrayEquals(new int[] {255, 2}, read.ints("bytes"));
    assertArrayEquals(new int[] {65535, 2}, read.ints("shorts"));
    MetadataValue.Nested nested = (MetadataValue.Nested) read.find("nested").orElseThrow();
    assertArrayEquals(longs(), ((MetadataValue.Longs) nested.values().getFirst()).values());
    assertThrows(SoleboxException.class, () -> read.intValue("k4"));
    assertThrows(SoleboxException.class, () -> read.intValue("k6"));
  }

  private static long[] longs() {
    return new long[] {0, 0xffff_ffffL};
  }

  @Test
  void wrongTypesNameFileOffsetAndKey() {
    Path path = TinyGguf.write(folder.resolve("tiny.gguf"));
    Metadata metadata = GgufHeader.read(path).metadata();
    SoleboxException wrong =
        assertThrows(SoleboxException.class, () -> metadata.string("llama.block_count"));
    assertEquals(ErrorCode.BAD_MODEL_FILE, wrong.code());
    assertTrue(wrong.place().contains(path.toString()), wrong.place());
    assertTrue(wrong.place().contains("at offset "), wrong.place());
    assertTrue(wrong.place().contains("llama.block_count"), wrong.place());
    assertEquals("must be text, is U32 7", wrong.getMessage());
    SoleboxException missing =
        assertThrows(SoleboxException.class, () -> metadata.floatValue("nothing"));
    assertTrue(missing.place().contains("key nothing"), missing.place());
  }

  @Test
  void cutShortSaysHowMuchIsThere() throws IOException {
    byte[] whole = Files.readAllBytes(TinyGguf.write(folder.resolve("tiny.gguf")));
    Path cut = folder.resolve("cut.gguf");
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, java.util.Arrays.copyOf(whole, length));
      try (GgufSource file = GgufSource.open(cut, ModelSource.Access.MAPPED)) {
        assertTrue(whole.length - length < 32, "only padding may be missing: " + file.fileBytes());
      } catch (SoleboxException e) {
        assertEquals(ErrorCode.BAD_MODEL_FILE, e.code());
      }
    }
    Files.write(cut, java.util.Arrays.copyOf(whole, whole.length - 100));
    SoleboxException error = refused(cut);
    assertTrue(error.getMessage().contains("cut short"), error.getMessage());
    assertTrue(error.getMessage().contains((whole.length - 100) + " found"), error.getMessage());
  }

  @Test
  void changesWhileOpenAreNoticed() throws IOException {
    Path path = TinyGguf.write(folder.resolve("tiny.gguf"));
    try (GgufSource mapped = GgufSource.open(path, ModelSource.Access.MAPPED);
        GgufSource copied = GgufSource.open(path, ModelSource.Access.COPIED)) {
      Files.setLastModifiedTime(path, FileTime.fromMillis(1_000_000));
      assertChanged(mapped);
      TinyGguf.write(path);
      assertChanged(mapped);
      Files.delete(path);
      assertChanged(mapped);
      copied.checkUnchanged();
      assertEquals(17, copied.data(copied.tensor("m").orElseThrow()).get(ValueLayout.JAVA_BYTE, 0));
    }
  }

  private static void assertChanged(GgufSource file) {
    SoleboxException error = assertThrows(SoleboxException.class, file::checkUnchanged);
    assertEquals(ErrorCode.MODEL_FILE_CHANGED, error.code());
  }

  @Test
  void whatIsNoModelFileIsRefused() throws IOException {
    assertEquals(ErrorCode.MODEL_NOT_FOUND, refused(folder.resolve("absent.gguf")).code());
    assertEquals(ErrorCode.BAD_MODEL_FILE, refused(folder).code());
    Path text = Files.writeString(folder.resolve("text.gguf"), "hello, this is a text");
    assertTrue(refused(text).getMessage().contains("not a GGUF file"));
    assertEquals(ErrorCode.BAD_MODEL_FILE, refused(Path.of("/dev/zero")).code());
  }

  @Test
  void otherVersionsAndByteOrdersAreNamed() throws IOException {
    SoleboxException one = refused(patched(bytes -> bytes.putInt(4, 1)));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, one.code());
    assertTrue(one.getMessage().contains("version 1"), one.getMessage());
    SoleboxException later = refused(patched(bytes -> bytes.putInt(4, 4)));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, later.code());
    assertTrue(later.describe().contains("version 4; this Solebox reads 2 and 3"));
    assertTrue(later.remedy().startsWith("Update Solebox"), later.remedy());
    assertEquals(
        ErrorCode.BAD_MODEL_FILE, refused(patched(bytes -> bytes.putInt(4, 1 << 30))).code());
    SoleboxException big = refused(patched(bytes -> bytes.putInt(4, Integer.reverseBytes(3))));
    assertTrue(big.getMessage().contains("big-endian"), big.getMessage());
    Path two = patched(bytes -> bytes.putInt(4, 2));
    GgufSource.open(two, ModelSource.Access.MAPPED).close();
    assertEquals(2, GgufHeader.read(two).version());
  }

  /** Numbers that GGUF gives a meaning, and one that it does not. */
  @ParameterizedTest
  @CsvSource({"15, Q8_K", "28, F64", "26, I32", "77, unknown type 77"})
  void unknownTensorFormatsAreNamedAndListed(int id, String name) throws IOException {
    Path path = patched(bytes -> bytes.putInt(TinyGguf.at(bytes, "m") + 1 + 4 + 16, id));
    SoleboxException error = refused(path);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains(name), error.getMessage());
    assertTrue(error.place().contains("tensor m"), error.place());
    for (TensorType type : TensorType.values()) {
      assertTrue(error.remedy().contains(type.name()), error.remedy());
    }
    assertEquals(name, GgufHeader.read(path).tensors().get(1).typeName());
  }

  @ParameterizedTest
  @CsvSource({"4, Q4_2, Q4_0", "5, Q4_3, Q4_1", "31, Q4_0_4_4, Q4_0", "38, IQ4_NL_8_8, IQ4_NL"})
  void removedTensorFormatsAreNamedWithWhatReplacesThem(int id, String name, String instead)
      throws IOException {
    SoleboxException error =
        refused(patched(bytes -> bytes.putInt(TinyGguf.at(bytes, "m") + 1 + 4 + 16, id)));
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains("is " + name + ", which was taken out"));
    assertTrue(error.remedy().contains("Use the " + instead + " file"), error.remedy());
  }

  @ParameterizedTest
  @CsvSource({
    "general.type, mmproj, projector",
    "general.architecture, clip, projector",
    "general.type, adapter, adapter",
    "adapter.type, lora, adapter",
    "general.type, imatrix, importance matrix",
    "general.architecture, flux, pictures",
    "general.type, spaceship, does not know"
  })
  void whatIsNoLanguageModelIsSaidToBeWhatItIs(String key, String value, String what) {
    Path path = folder.resolve("other.gguf");
    oneTensor("x.weight").put(key, value).write(path);
    SoleboxException error = refused(path);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains(what), error.describe());
    assertTrue(GgufHeader.read(path).metadata().has(key), "it can be inspected all the same");
  }

  @Test
  void olderFilesAreKnownByTheirTensors() {
    Path path = folder.resolve("other.gguf");
    oneTensor("blk.0.attn_q.weight.lora_a").write(path);
    assertTrue(refused(path).getMessage().contains("adapter"));
    oneTensor("blk.0.attn_q.weight.in_sum2").write(path);
    assertTrue(refused(path).getMessage().contains("imatrix"));
    oneTensor("model.diffusion_model.out.weight").write(path);
    assertTrue(refused(path).getMessage().contains("pictures"));
  }

  private static GgufWriter oneTensor(String name) {
    float[] values = {1, 2};
    return new GgufWriter().tensor(name, TensorType.F32, List.of(2L), TinyGguf.floats(values));
  }

  @Test
  void laterQuantizationVersionsAreRefused() {
    Path path = folder.resolve("later.gguf");
    byte[] block = new byte[34];
    block[0] = 1;
    block[33] = 1;
    new GgufWriter()
        .put("general.quantization_version", 3)
        .tensor(
            "m.weight",
            TensorType.Q8_0,
            List.of(32L),
            GgufWriter.TensorData.of(MemorySegment.ofArray(block)))
        .write(path);
    SoleboxException error = refused(path);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.place().contains("general.quantization_version"), error.describe());
  }

  @Test
  void reservedSpaceIsNoModel() throws IOException {
    GgufWriter writer = new GgufWriter();
    for (String name : List.of("a.weight", "b.weight", "c.bias")) {
      float[] values = new float[4096];
      java.util.Arrays.fill(values, 1);
      writer.tensor(name, TensorType.F32, List.of(64L, 64L), TinyGguf.floats(values));
    }
    Path path = folder.resolve("reserved.gguf");
    writer.write(path);
    byte[] whole = Files.readAllBytes(path);
    int tensor = 4096 * Float.BYTES;
    for (int zeros :
        new int[] {tensor + tensor / 4, 2 * tensor, whole.length - 1000, whole.length - 30}) {
      byte[] reserved = whole.clone();
      java.util.Arrays.fill(reserved, whole.length - zeros, whole.length, (byte) 0);
      Files.write(path, reserved);
      SoleboxException error = refused(path);
      assertTrue(error.describe().contains("zeros"), zeros + ": " + error.describe());
    }
    // A bias may be zero, and some of the last rows of a matrix.
    for (int zeros : new int[] {0, 100, tensor, tensor + tensor / 8}) {
      byte[] sound = whole.clone();
      java.util.Arrays.fill(sound, whole.length - zeros, whole.length, (byte) 0);
      Files.write(path, sound);
      GgufSource.open(path, ModelSource.Access.MAPPED).close();
    }
  }

  @Test
  void countsThatWouldFillTheMemoryAreRefused() throws IOException {
    Path path = folder.resolve("many.gguf");
    ByteBuffer head = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    for (long[] counts : new long[][] {{1 << 20, 0}, {0, 1 << 20}, {-1, 0}, {0, Long.MAX_VALUE}}) {
      head.clear();
      head.putInt(HeaderReader.MAGIC).putInt(3).putLong(counts[0]).putLong(counts[1]);
      try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
        file.write(head.array());
        file.setLength(1L << 30); // holes, which take no room on the disk
      }
      assertEquals(ErrorCode.BAD_MODEL_FILE, refused(path).code());
    }
    Files.delete(path);
  }

  @ParameterizedTest
  @EnumSource(
      value = ValueType.class,
      names = {"U8", "I16", "U32", "F32", "F64", "BOOL", "STRING", "ARRAY"})
  void arraysOfAbsurdLengthAreRefused(ValueType type) throws IOException {
    Path path = folder.resolve("array.gguf");
    for (long length : new long[] {1L << 28, 1L << 31, 1L << 40, Long.MAX_VALUE, -1}) {
      ByteBuffer head = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
      head.putInt(HeaderReader.MAGIC).putInt(3).putLong(0).putLong(1);
      head.putLong(1).put((byte) 'k').putInt(9).putInt(GgufTypes.id(type)).putLong(length);
      try (var file = new java.io.RandomAccessFile(path.toFile(), "rw")) {
        file.write(head.array());
        file.setLength(2L << 30);
      }
      assertEquals(ErrorCode.BAD_MODEL_FILE, refused(path).code(), type + " " + length);
    }
    Files.delete(path);
  }

  @Test
  void unsoundTensorsAreRefused() throws IOException {
    int sizes = 1 + 4;
    for (long size : new long[] {0, -1, 33, 1L << 31, 1L << 62, Long.MIN_VALUE}) {
      Path path = patched(bytes -> bytes.putLong(TinyGguf.at(bytes, "m") + sizes, size));
      assertEquals(ErrorCode.BAD_MODEL_FILE, refused(path).code(), "size " + size);
    }
    for (long offset : new long[] {0, -32, 1, 1L << 40, Long.MAX_VALUE / 32 * 32}) {
      Path path = patched(bytes -> bytes.putLong(TinyGguf.at(bytes, "m") + sizes + 16 + 4, offset));
      assertEquals(ErrorCode.BAD_MODEL_FILE, refused(path).code(), "offset " + offset);
    }
    SoleboxException twice =
        refused(patched(bytes -> bytes.put(TinyGguf.at(bytes, "m"), (byte) 'v')));
    assertTrue(twice.getMessage().contains("twice"), twice.getMessage());
  }

  @Test
  void alignmentMustBeAPowerOfTwo() throws IOException {
    // The writer always aligns to 32, so another key of the same length is renamed in the bytes.
    for (int alignment : new int[] {0, 1, 24, 1 << 30, -32}) {
      GgufWriter writer = new GgufWriter().put("general.Alignment", alignment & 0x7fff_ffff);
      Path path = folder.resolve("aligned.gguf");
      writer.write(path);
      byte[] bytes = Files.readAllBytes(path);
      ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      bytes[TinyGguf.at(buffer, "general.Alignment") + "general.".length()] = 'a';
      Files.write(path, bytes);
      assertTrue(refused(path).getMessage().contains("power of two"));
    }
  }

  @Test
  void nestingHasALimit() {
    MetadataValue.Array value = new MetadataValue.Floats(new float[] {1});
    for (int i = 0; i < 3; i++) {
      value = new MetadataValue.Nested(List.of(value));
    }
    Path path = folder.resolve("nested.gguf");
    new GgufWriter().put("deep", value).write(path);
    assertTrue(GgufHeader.read(path).metadata().has("deep"));
    new GgufWriter().put("deep", new MetadataValue.Nested(List.of(value))).write(path);
    assertTrue(refused(path).getMessage().contains("nested"));
  }

  @Test
  void namesCannotReachTheTerminalRaw() {
    Path path = folder.resolve("escape.gguf");
    new GgufWriter().put("k\u001b[2J", 1).write(path);
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(path);
      int value = TinyGguf.at(ByteBuffer.wrap(bytes), "k\u001b[2J") + 5;
      bytes[value] = 99;
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    SoleboxException error = refused(path);
    assertFalse(error.describe().contains("\u001b"), error.describe());
  }

  @Test
  void aFailedWriteLeavesNothing() {
    GgufWriter writer =
        new GgufWriter()
            .tensor("t", TensorType.F32, List.of(4L), out -> out.write(ByteBuffer.allocate(15)));
    Path path = folder.resolve("short.gguf");
    assertThrows(IllegalStateException.class, () -> writer.write(path));
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void readsRealFiles() throws IOException {
    Path arch = SharedData.folder("arch");
    for (String name : List.of("llama-tied", "llama3-rope", "mistral", "qwen2", "qwen3")) {
      Path path = arch.resolve(name).resolve(name + "-f32.gguf");
      try (GgufSource file = GgufSource.open(path, ModelSource.Access.MAPPED)) {
        assertTrue(file.tensor("token_embd.weight").isPresent());
        assertTrue(file.metadata().strings("tokenizer.ggml.tokens").size() >= 300);
      }
    }
    Path quant = SharedData.folder("quant");
    for (TensorType type : TensorType.values()) {
      Path path = quant.resolve(type + ".gguf");
      try (GgufSource file = GgufSource.open(path, ModelSource.Access.MAPPED)) {
        assertEquals(type, file.tensors().getFirst().type());
      }
    }
  }

  private Path patched(Consumer<ByteBuffer> patch) throws IOException {
    Path path = TinyGguf.write(folder.resolve("patched.gguf"));
    byte[] bytes = Files.readAllBytes(path);
    patch.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return Files.write(path, bytes);
  }

  private static SoleboxException refused(Path path) {
    return assertThrows(
        SoleboxException.class, () -> GgufSource.open(path, ModelSource.Access.MAPPED).close());
  }
}
