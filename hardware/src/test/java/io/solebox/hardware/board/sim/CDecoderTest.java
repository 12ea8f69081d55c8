package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.board.sim.FrameVectors.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The board's decoder against the vectors that Java's is held to as well. */
class CDecoderTest {
  static List<Row> rows() throws IOException {
    return FrameVectors.rows();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void findsWhatTheVectorsHave(Row row) {
    try (var decoder = new CDecoder()) {
      List<String> found = new ArrayList<>();
      for (int i = 0; i < row.parts().size(); i++) {
        boolean last = i == row.parts().size() - 1;
        byte[] part = row.parts().get(i);
        found.addAll(last ? decoder.take(part) : decoder.takeThenQuiet(part));
      }
      assertEquals(row.frames(), found);
      assertEquals(row.frames().size(), decoder.good());
      assertEquals(row.bad(), decoder.bad());
      assertEquals(row.skipped(), decoder.skipped());
      assertEquals(row.held(), decoder.held());
    }
  }

  @Test
  void thereAreVectorsOfEachKind() throws IOException {
    assertTrue(rows().size() > 200);
    assertTrue(rows().stream().anyMatch(row -> row.frames().size() > 4));
    assertTrue(rows().stream().anyMatch(row -> row.parts().size() > 3));
    assertTrue(rows().stream().anyMatch(row -> row.bad() > 3));
    assertTrue(rows().stream().anyMatch(row -> row.held() > 50));
  }
}
