package io.solebox.engine.gguf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
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
import org.junit.jupiter.params.provider.EnumSource;

class GgufFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(GgufFile.Access.class)
  void whatWasWrittenIsRead(GgufFile.Access access) {
    Path path = TinyGguf.write(folder.resolve("tiny.gguf"));
    try (GgufFile file = GgufFile.open(path, access)) {
      assertEquals(3, file.version());
      GgufMetadata metadata = file.metadata();
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
      assertEquals(0, matrix.offset() % 32);
      MemorySegment data = file.data(matrix);
      assertTrue(data.isReadOnly());
      assertEquals(6 * 34, data.byteSize());
      assertEquals(17, data.get(ValueLayout.JAVA_BYTE, 0));
      file.checkUnchanged();
    }
  }

  @Test
  void everyValueTypeRoundTrips() {
    List<GgufValue> values =
        List.of(
            new GgufValue.Whole(GgufType.U8, 255),
            new GgufValue.Whole(GgufType.I8, -128),
            new GgufValue.Whole(GgufType.U16, 65535),
            new GgufValue.Whole(GgufType.I16, -32768),
            new GgufValue.Whole(GgufType.U32, 0xffff_ffffL),
            new GgufValue.Whole(GgufType.I32, Integer.MIN_VALUE),
            new GgufValue.Whole(GgufType.U64, -1),
            new GgufValue.Whole(GgufType.I64, Long.MIN_VALUE),
            new GgufValue.Real(GgufType.F32, 0.25),
            new GgufValue.Real(GgufType.F64, Math.PI),
            new GgufValue.Bool(false),
            new GgufValue.Text("x"));
    GgufWriter writer = new GgufWriter();
    for (int i = 0; i < values.size(); i++) {
      writer.put("k" + i, values.get(i));
    }
    writer.put("nested", new GgufValue.Nested(List.of(new GgufValue.Longs(GgufType.U32, longs()))));
    writer.put("bytes", new GgufValue.Bytes(GgufType.U8, new byte[] {-1, 2}));
    writer.put("shorts", new GgufValue.Ints(GgufType.U16, new int[] {65535, 2}));
    writer.put("doubles", new GgufValue.Doubles(new double[] {1e300}));
    writer.put("bools", new GgufValue.Bools(new boolean[] {true, false}));
    Path path = folder.resolve("values.gguf");
    writer.write(path);
    GgufMetadata read = GgufHeader.read(path).metadata();
    for (int i = 0; i < values.size(); i++) {
      assertEquals(values.get(i), read.find("k" + i).orElseThrow());
    }
    assertArrayEquals(new int[] {255, 2}, read.ints("bytes"));
    assertArrayEquals(new int[] {65535, 2}, read.ints("shorts"));
    GgufValue.Nested nested = (GgufValue.Nested) read.find("nested").orElseThrow();
    assertArrayEquals(longs(), ((GgufValue.Longs) nested.values().getFirst()).values());
    assertThrows(SoleboxException.class, () -> read.intValue("k4"));
    assertThrows(SoleboxException.class, () -> read.intValue("k6"));
  }

  private static long[] longs() {
    return new long[] {0, 0xffff_ffffL};
  }

  @Test
  void wrongTypesNameFileOffsetAndKey() {
    Path path = TinyGguf.write(folder.resolve("tiny.gguf"));
    GgufMetadata metadata = GgufHeader.read(path).metadata();
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
      try (GgufFile file = GgufFile.open(cut, GgufFile.Access.MAPPED)) {
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
    try (GgufFile mapped = GgufFile.open(path, GgufFile.Access.MAPPED);
        GgufFile copied = GgufFile.open(path, GgufFile.Access.COPIED)) {
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

  private static void assertChanged(GgufFile file) {
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
    SoleboxException big = refused(patched(bytes -> bytes.putInt(4, Integer.reverseBytes(3))));
    assertTrue(big.getMessage().contains("big-endian"), big.getMessage());
    try (GgufFile two =
        GgufFile.open(patched(bytes -> bytes.putInt(4, 2)), GgufFile.Access.MAPPED)) {
      assertEquals(2, two.version());
    }
  }

  @Test
  void unknownTensorFormatsAreNamedAndListed() throws IOException {
    Path path = patched(bytes -> bytes.putInt(TinyGguf.at(bytes, "m") + 1 + 4 + 16, 23));
    SoleboxException error = refused(path);
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, error.code());
    assertTrue(error.getMessage().contains("IQ4_XS"), error.getMessage());
    assertTrue(error.place().contains("tensor m"), error.place());
    assertEquals("IQ4_XS", GgufHeader.read(path).tensors().get(1).typeName());
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
    GgufValue.Array value = new GgufValue.Floats(new float[] {1});
    for (int i = 0; i < 3; i++) {
      value = new GgufValue.Nested(List.of(value));
    }
    Path path = folder.resolve("nested.gguf");
    new GgufWriter().put("deep", value).write(path);
    assertTrue(GgufHeader.read(path).metadata().has("deep"));
    new GgufWriter().put("deep", new GgufValue.Nested(List.of(value))).write(path);
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
      try (GgufFile file = GgufFile.open(path, GgufFile.Access.MAPPED)) {
        assertTrue(file.tensor("token_embd.weight").isPresent());
        assertTrue(file.metadata().strings("tokenizer.ggml.tokens").size() >= 300);
      }
    }
    Path quant = SharedData.folder("quant");
    assertEquals(ErrorCode.UNSUPPORTED_MODEL, refused(quant.resolve("MXFP4.gguf")).code());
  }

  private Path patched(Consumer<ByteBuffer> patch) throws IOException {
    Path path = TinyGguf.write(folder.resolve("patched.gguf"));
    byte[] bytes = Files.readAllBytes(path);
    patch.accept(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
    return Files.write(path, bytes);
  }

  private static SoleboxException refused(Path path) {
    return assertThrows(
        SoleboxException.class, () -> GgufFile.open(path, GgufFile.Access.MAPPED).close());
  }
}
