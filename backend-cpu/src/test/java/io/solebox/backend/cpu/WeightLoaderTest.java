package io.solebox.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.tensor.TensorType;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tied table of several pieces, and a gain, in a mapped file. */
class WeightLoaderTest {
  private static final int ROWS = 30_001;
  private static final int COLS = 256;
  private static final long BYTES = TensorType.Q8_0.bytes(COLS) * ROWS;

  @TempDir Path folder;

  private final ThreadTeam team = new ThreadTeam(3);
  private final Arena arena = Arena.ofShared();
  private Path file;
  private Weight table;
  private Weight gain;
  private Footprint footprint;

  @BeforeEach
  void map() throws IOException {
    file = folder.resolve("weights");
    byte[] data = new byte[Math.toIntExact(BYTES) + 4 * COLS];
    new Random(1).nextBytes(data);
    Files.write(file, data);
    try (FileChannel channel = FileChannel.open(file)) {
      MemorySegment all = channel.map(FileChannel.MapMode.READ_ONLY, 0, data.length, arena);
      table = new Weight("table", ROWS, COLS, TensorType.Q8_0, all.asSlice(0, BYTES));
      gain = new Weight("gain", 1, COLS, TensorType.F32, all.asSlice(BYTES));
      footprint = footprint(table);
    }
  }

  private Footprint footprint(Weight tied) {
    var b = new GraphBuilder();
    Value x = b.rmsNorm("norm", b.embed(tied), gain, 1e-5f);
    b.head();
    Value last = b.selectRows(x);
    var limits = new Limits(32, 8, 1, 2, 1, KvType.F16, Activations.AUTO, Long.MAX_VALUE);
    var graph = b.build(last, b.linear("output", last, tied));
    return Footprint.of(graph, limits, new OtherLayout());
  }

  @AfterEach
  void close() {
    team.close();
    arena.close();
  }

  @Test
  void repacksEveryRowAndLeavesTheFileReadable() {
    Weights weights = WeightLoader.load(footprint, team, arena, Progress.none());
    MemorySegment repacked = weights.of(table);
    assertEquals((ROWS + 3) / 4 * 4 * table.rowBytes(), repacked.byteSize());
    for (long i = 0; i < BYTES; i++) {
      byte original = table.data().get(ValueLayout.JAVA_BYTE, i);
      if (repacked.get(ValueLayout.JAVA_BYTE, i) != (byte) ~original) {
        throw new AssertionError("byte " + i);
      }
    }
    assertEquals(0, repacked.get(ValueLayout.JAVA_BYTE, BYTES), "rows past the end");
  }

  @Test
  void weightsOfOtherFormatsStayWhereTheyAre() {
    Weights weights = WeightLoader.load(footprint, team, arena, Progress.none());
    assertEquals(1, weights.repacked().size());
    assertFalse(weights.of(table).isMapped());
  }

  /** The first is repacked besides, the second is not. */
  @ParameterizedTest
  @CsvSource({"Q2_K, Q8_0, true", "BF16, F32, false"})
  void weightsOfAnotherFormatAreBroughtToTheOneThatIsComputed(
      TensorType stored, TensorType computed, boolean flipped) {
    MemorySegment data = arena.allocate(stored.bytes((long) ROWS * COLS), 2);
    var random = new Random(2);
    for (long i = 0; i < data.byteSize(); i++) {
      data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(60)); // scales stay finite
    }
    Weight other = new Weight("other", ROWS, COLS, stored, data).as(computed);
    Footprint changed = footprint(other);
    assertTrue(changed.estimate(1).weightBytes() >= computed.bytes((long) ROWS * COLS));
    MemorySegment own = WeightLoader.load(changed, team, arena, Progress.none()).of(other);
    MemorySegment expected = arena.allocate(other.bytes(), 2);
    other.copyRows(0, ROWS, expected);
    for (long i = 0; i < expected.byteSize(); i++) {
      byte value = expected.get(ValueLayout.JAVA_BYTE, i);
      if (own.get(ValueLayout.JAVA_BYTE, i) != (flipped ? (byte) ~value : value)) {
        throw new AssertionError("byte " + i);
      }
    }
  }

  /** In C a lost page would end the process. */
  @Test
  void aFileThatIsCutShortIsAnError() throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(BYTES / 2);
    }
    assertThrows(
        InternalError.class, () -> WeightLoader.load(footprint, team, arena, Progress.none()));
  }
}
