package io.solebox.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PlaneLayoutTest {
  private static final int ROWS = 3;

  static Stream<TensorType> quantized() {
    return PlaneLayout.types().stream().filter(TensorType::isQuantized);
  }

  /** What the backend says that it computes, it has kernels for. */
  @Test
  void everyFormatHasItsModules() {
    for (TensorType type : PlaneLayout.types()) {
      for (String kind : new String[] {"embed", "linear", "matmul"}) {
        String file = "ptx/sm_70/" + kind + "_" + type.name().toLowerCase(Locale.ROOT) + ".ptx";
        assertNotNull(PlaneLayout.class.getResource(file), file);
      }
    }
  }

  /** Every byte of the file is in one plane, where the table of docs/cuda-backend.md says. */
  @ParameterizedTest
  @MethodSource("quantized")
  void blocksAreSortedIntoPlanes(TensorType type) {
    var layout = PlaneLayout.of(type);
    int cols = 3 * type.blockSize();
    int blocks = 3 * ROWS;
    try (Arena arena = Arena.ofConfined()) {
      byte[] file = random((int) type.bytes(cols) * ROWS);
      byte[] back = new byte[file.length];
      int bytes = 0;
      for (int p = 0; p < layout.planes(); p++) {
        byte[] plane = repack(layout, p, file, cols, arena);
        var entry = layout.quantized().get(p);
        bytes += entry.bytes();
        assertEquals(blocks * entry.bytes(), plane.length);
        int from = 0;
        for (int b = 0; b < blocks; b++) {
          for (var piece : entry.pieces()) {
            int at = b * type.blockBytes() + piece.from();
            System.arraycopy(plane, from, back, at, piece.bytes());
            from += piece.bytes();
          }
        }
      }
      assertEquals(type.blockBytes(), bytes);
      assertArrayEquals(file, back);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  void rowsArePaddedWithZeros(TensorType type) {
    var layout = PlaneLayout.of(type);
    try (Arena arena = Arena.ofConfined()) {
      for (int cols : new int[] {1, 7, 8, 9, 100}) {
        int rowBytes = (int) type.bytes(cols);
        byte[] file = random(rowBytes * ROWS);
        byte[] plane = repack(layout, 0, file, cols, arena);
        byte[] expected = new byte[(rowBytes + 15) / 16 * 16 * ROWS];
        for (int r = 0; r < ROWS; r++) {
          System.arraycopy(file, r * rowBytes, expected, r * expected.length / ROWS, rowBytes);
        }
        assertArrayEquals(expected, plane, cols + " columns");
      }
    }
  }

  private static byte[] random(int n) {
    byte[] bytes = new byte[n];
    new Random(n).nextBytes(bytes);
    return bytes;
  }

  /** From an odd address, as files have them, to memory that holds something else. */
  private static byte[] repack(PlaneLayout layout, int plane, byte[] file, int cols, Arena arena) {
    MemorySegment from = arena.allocate(file.length + 1L).asSlice(1);
    from.copyFrom(MemorySegment.ofArray(file));
    MemorySegment to = arena.allocate(ROWS * layout.rowBytes(plane, cols), 16);
    to.fill((byte) -1);
    layout.repack(plane, from, ROWS, cols, to);
    return to.toArray(ValueLayout.JAVA_BYTE);
  }
}
