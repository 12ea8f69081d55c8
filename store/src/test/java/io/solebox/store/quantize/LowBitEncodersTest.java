package io.solebox.store.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.tensor.TensorType;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Formats that no whole model of the references has, against {@code ggml_quantize_chunk} of
 * libggml-base v0.5.0 (npm's @node-llama-cpp/linux-x64 3.22.1) over the weights below.
 */
class LowBitEncodersTest {
  private static final int ROWS = 24;
  private static final int COLS = 512;

  /** The i-th number of splitmix64 from 0, its upper 24 bits. */
  private static int bits(long i) {
    long v = (i + 1) * 0x9E37_79B9_7F4A_7C15L;
    v = (v ^ v >>> 30) * 0xBF58_476D_1CE4_E5B9L;
    v = (v ^ v >>> 27) * 0x94D0_49BB_1331_11EBL;
    return (int) ((v ^ v >>> 31) >>> 40);
  }

  /** Exact floats; some large, and rows of all kinds. */
  private static float weight(int row, int col) {
    int i = row * COLS + col;
    double v = (bits(i) - (1 << 23)) * 0x1p-24 * (i % 61 == 0 ? 16 : 1);
    return (float)
        switch (row) {
          case 3 -> 0;
          case 4 -> col >= 64 && col < 320 ? 0 : v;
          case 5 -> 0.25;
          case 6 -> Math.abs(v);
          case 7 -> -Math.abs(v);
          case 8 -> v * 0x1p-40;
          case 9 -> Math.abs(v) > 0.2 ? Math.signum(v) : 0 * v;
          case 10 -> v * 0x1p12;
          default -> v;
        };
  }

  private static Importance importance() {
    float[] columns = new float[COLS];
    for (int c = 0; c < COLS; c++) {
      columns[c] = (float) ((bits(100_000 + c) + 1) * 0x1p-16);
    }
    return new Importance(columns, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "IQ3_XXS, false, 834627e93d497eb8dc9bcfd8f28e331cb33fbefa90a6b7aec9a935524096db4e",
    "IQ3_XXS, true, 7eda579005c94f9bd8c65eb7c29866a15313b0a403fea30aa4618656a1e50026",
    "TQ1_0, false, 5d195dd8e682da4f7f9db4a03570f1fa8f68f4cc94d007f60de61ac3e0e4cc30",
    "TQ2_0, false, 4d8ec5f348f65d95b51d75b7c4c46b665500022093adcbd5022492455d6eed95",
    "MXFP4, false, 067a09bf0e085220ed7a9f74932992e59f911626887cfe91beaadb1ab105fae4",
    "MXFP4, true, 067a09bf0e085220ed7a9f74932992e59f911626887cfe91beaadb1ab105fae4"
  })
  void blocksAreThoseOfTheReference(TensorType type, boolean known, String sha256)
      throws NoSuchAlgorithmException {
    float[] x = new float[ROWS * COLS];
    for (int i = 0; i < x.length; i++) {
      x[i] = weight(i / COLS, i % COLS);
    }
    byte[] out = new byte[(int) type.bytes(x.length)];
    Encoders.of(type, new PlainSearches())
        .encode(x, ROWS, COLS, known ? importance() : Importance.UNKNOWN, out);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(out);
    assertEquals(sha256, HexFormat.of().formatHex(digest));
  }
}
