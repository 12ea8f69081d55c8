package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.tensor.TensorType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnSplitTest {
  /** On an H100: matrices of 13B, 7B and 1B models, and ones too small to share. */
  @ParameterizedTest
  @CsvSource({
    "15360, 5120, Q4_K, 0",
    "5120, 13824, Q4_K, 1",
    "5120, 5120, Q8_0, 1",
    "4096, 4096, F16, 1",
    "2048, 8192, Q4_K, 2",
    "2048, 2048, Q8_0, 1",
    "2048, 2048, Q4_K, 0",
    "512, 64, Q8_0, 0",
    "151936, 1024, F16, 0"
  })
  void smallMatricesAreSharedByMoreWarps(int rows, int cols, TensorType type, int expected) {
    assertEquals(expected, ColumnSplit.of(rows, cols, type, 132));
  }
}
