package io.solebox.engine.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What they mean {@link BlockLayoutTest} compares with ggml's values. */
class GridTest {
  @ParameterizedTest
  @CsvSource({
    "IQ1_S, 2048, 8, 2",
    "IQ1_M, 2048, 8, 2",
    "IQ2_XXS, 256, 8, 2",
    "IQ2_XS, 512, 8, 2",
    "IQ2_S, 1024, 8, 2",
    "IQ3_XXS, 256, 4, 7",
    "IQ3_S, 512, 4, 7"
  })
  void everyVectorHasLevelsOfItsFormat(TensorType type, int size, int width, int highest) {
    Grid grid = Grid.of(type);
    assertEquals(size, grid.size());
    assertEquals(width, grid.width());
    int most = 0;
    for (int v = 0; v < size; v++) {
      for (int j = 0; j < width; j++) {
        most = Math.max(most, grid.levels(v, j / 4) >>> 8 * (j % 4) & 0xff);
      }
    }
    assertEquals(highest, most);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "Q8_0", "Q6_K", "IQ4_XS", "NVFP4"})
  void otherFormatsHaveNone(TensorType type) {
    var error = assertThrows(IllegalArgumentException.class, () -> Grid.of(type));
    assertTrue(error.getMessage().contains(type.name()), error.getMessage());
  }
}
