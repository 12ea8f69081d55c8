package io.solebox.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Against the blocks and values in testdata/quant, which ggml itself made; bit for bit. */
class BlockLayoutTest {
  private static final String SMALL = "w64x512";
  private static final String LARGE = "w256x1024";
  private static final String RANDOM_BITS = "randbits8x512";

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void dequantizesAsTheReference(TensorType type) throws IOException {
    Path folder = SharedData.folder("quant");
    try (ModelSource file = open(folder, type)) {
      assertArrayEquals(floats(folder, type, SMALL), dequantize(file, SMALL));
      if (file.tensor(RANDOM_BITS).isPresent()) {
        assertArrayEquals(floats(folder, type, RANDOM_BITS), dequantize(file, RANDOM_BITS));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void dequantizesTheWholeTensor(TensorType type) throws IOException {
    Path folder = SharedData.folder("quant");
    JsonNode expected = manifest(folder, type).path("deq256x1024").path("sha256_f32le");
    try (ModelSource file = open(folder, type)) {
      if (file.tensor(LARGE).isPresent()) {
        assertEquals(expected.asString(), sha256(bytes(dequantize(file, LARGE))));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16", "Q8_0"})
  void quantizesAsTheReference(TensorType type) throws IOException {
    Path folder = SharedData.folder("quant");
    JsonNode expected = manifest(folder, type).path("quantized_sha256");
    for (String size : new String[] {"64x512", "256x1024"}) {
      float[] source = floats(folder.resolve("source-" + size + ".f32"));
      byte[] blocks = new byte[(int) type.bytes(source.length)];
      BlockLayouts.quantizer(type)
          .orElseThrow()
          .quantize(source, 0, MemorySegment.ofArray(blocks), 0, source.length);
      assertEquals(expected.path("w" + size).asString(), sha256(blocks), size);
    }
  }

  @ParameterizedTest
  @EnumSource(TensorType.class)
  void takesAnyOffsetAndTouchesNothingElse(TensorType type) throws IOException {
    Path folder = SharedData.folder("quant");
    int count = 2 * type.blockSize();
    try (ModelSource file = open(folder, type)) {
      MemorySegment data = file.data(file.tensor(SMALL).orElseThrow());
      long skip = type.bytes(4L * 512);
      MemorySegment moved = MemorySegment.ofArray(new byte[(int) type.bytes(count) + 3]);
      MemorySegment.copy(data, skip, moved, 3, type.bytes(count));
      float[] expected = new float[count];
      float[] found = new float[count + 7];
      found[4] = 42;
      found[count + 5] = 43;
      BlockLayouts.of(type).dequantize(data, skip, expected, 0, count);
      BlockLayouts.of(type).dequantize(moved, 3, found, 5, count);
      assertArrayEquals(expected, java.util.Arrays.copyOfRange(found, 5, count + 5));
      assertEquals(42, found[4]);
      assertEquals(43, found[count + 5]);
    }
  }

  @Test
  void extremesOfQ80() {
    float[] source = new float[96];
    source[3] = Float.NaN;
    source[32] = Float.MIN_VALUE;
    source[40] = -Float.MIN_NORMAL;
    source[64] = 127;
    source[65] = 0.5f;
    source[66] = -0.5f;
    source[67] = 0.49999997f;
    byte[] blocks = new byte[3 * 34];
    new Q80Layout().quantize(source, 0, MemorySegment.ofArray(blocks), 0, 96);
    float[] back = new float[96];
    new Q80Layout().dequantize(MemorySegment.ofArray(blocks), 0, back, 0, 96);
    assertTrue(Float.isNaN(back[0]) && Float.isNaN(back[3]));
    assertEquals(0f, back[32], 0f);
    assertEquals(0f, Math.abs(back[40]), 0f);
    assertEquals(127f, back[64]);
    assertEquals(1f, back[65]);
    assertEquals(-1f, back[66]);
    assertEquals(0f, back[67], 0f);
  }

  @Test
  void extremesOf16Bits() {
    float[] source = {
      1e9f, -1e9f, 65504, 65519.996f, 65520, 1e-8f, Float.NaN, Float.POSITIVE_INFINITY, -0f
    };
    float[] expectedF16 = {
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      65504,
      65504,
      Float.POSITIVE_INFINITY,
      0,
      Float.NaN,
      Float.POSITIVE_INFINITY,
      -0f
    };
    assertArrayEquals(expectedF16, roundTrip(TensorType.F16, source));
    float largest = Float.MAX_VALUE;
    float[] odd = {largest, Float.intBitsToFloat(0x7f800001), 1 + 0x1p-8f, 1 + 0x3p-8f};
    float[] expectedBf16 = {Float.POSITIVE_INFINITY, Float.NaN, 1, 1 + 0x1p-6f};
    assertArrayEquals(expectedBf16, roundTrip(TensorType.BF16, odd));
  }

  private static float[] roundTrip(TensorType type, float[] source) {
    MemorySegment bytes = MemorySegment.ofArray(new byte[(int) type.bytes(source.length)]);
    BlockLayouts.quantizer(type).orElseThrow().quantize(source, 0, bytes, 0, source.length);
    float[] back = new float[source.length];
    BlockLayouts.of(type).dequantize(bytes, 0, back, 0, source.length);
    return back;
  }

  private static ModelSource open(Path folder, TensorType type) {
    return ModelSources.open(folder.resolve(type + ".gguf"), ModelSource.Access.MAPPED);
  }

  private static float[] dequantize(ModelSource file, String name) {
    TensorInfo tensor = file.tensor(name).orElseThrow();
    float[] values = new float[(int) tensor.elements()];
    BlockLayouts.of(tensor.type()).dequantize(file.data(tensor), 0, values, 0, values.length);
    return values;
  }

  private static float[] floats(Path folder, TensorType type, String tensor) throws IOException {
    return floats(folder.resolve(type + "." + tensor + ".deq.f32"));
  }

  private static float[] floats(Path file) throws IOException {
    return MemorySegment.ofArray(Files.readAllBytes(file))
        .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  private static JsonNode manifest(Path folder, TensorType type) {
    return new ObjectMapper()
        .readTree(folder.resolve("manifest.json"))
        .path("types")
        .path(type.toString());
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
