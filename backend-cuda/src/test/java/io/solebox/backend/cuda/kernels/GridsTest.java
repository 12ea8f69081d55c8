package io.solebox.backend.cuda.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.tensor.Grid;
import io.solebox.engine.tensor.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vectors of {@code grids.cuh} are the engine's: four bits for each weight's level. */
class GridsTest {
  @ParameterizedTest
  @EnumSource(names = {"IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S"})
  void vectorsAreThoseOfTheEngine(TensorType type) {
    String header = PtxSources.read(Path.of("src/main/cuda/grids.cuh"));
    Matcher table = Pattern.compile(type + "_VECTORS\\[\\d+] = \\{([^}]*)}").matcher(header);
    assertTrue(table.find());
    List<Integer> vectors =
        Pattern.compile("\\s*,\\s*")
            .splitAsStream(table.group(1).strip())
            .map(Integer::decode)
            .toList();
    Grid grid = Grid.of(type);
    assertEquals(IntStream.range(0, grid.size()).mapToObj(v -> places(grid, v)).toList(), vectors);
  }

  private static int places(Grid grid, int vector) {
    int places = 0;
    for (int j = 0; j < grid.width(); j++) {
      places |= (grid.levels(vector, j / 4) >>> 8 * (j % 4) & 0xff) << 4 * j;
    }
    return places;
  }
}
