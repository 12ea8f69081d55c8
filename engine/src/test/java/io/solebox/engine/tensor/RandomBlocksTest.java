package io.solebox.engine.tensor;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every bit of a quantized block means, against ggml's own answer, with what the repository
 * itself holds of {@code testdata/quant}; {@link BlockLayoutTest} has the rest.
 */
class RandomBlocksTest {
  private static final int WEIGHTS = 4096;

  /** One line of the file. */
  record Sample(String format, byte[] blocks, String sha256) {
    @Override
    public String toString() {
      return format;
    }
  }

  static Stream<Sample> all() throws IOException {
    try (var in = RandomBlocksTest.class.getResourceAsStream("/quant/random-blocks.tsv")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .map(parts -> new Sample(parts[0], Base64.getDecoder().decode(parts[1]), parts[2]));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void dequantizesAsTheReference(Sample sample) throws GeneralSecurityException {
    float[] values = new float[WEIGHTS];
    BlockLayouts.of(TensorType.valueOf(sample.format))
        .dequantize(MemorySegment.ofArray(sample.blocks), 0, values, 0, WEIGHTS);
    ByteBuffer bytes = ByteBuffer.allocate(4 * WEIGHTS).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes.array());
    assertEquals(sample.sha256, HexFormat.of().formatHex(digest));
  }

  @Test
  void everyQuantizedFormatHasASample() throws IOException {
    List<String> formats = all().map(Sample::format).sorted().toList();
    List<String> quantized =
        Arrays.stream(TensorType.values())
            .filter(TensorType::isQuantized)
            .map(TensorType::name)
            .sorted()
            .toList();
    assertEquals(quantized, formats);
  }
}
