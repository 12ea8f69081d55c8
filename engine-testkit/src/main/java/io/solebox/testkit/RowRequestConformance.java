package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.graph.GraphBuilder;
import io.solebox.engine.graph.Value;
import io.solebox.engine.graph.Weight;
import io.solebox.testkit.GraphRunner.Piece;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What leaves a backend for a token: the best, the k best, all logits, the hidden state. */
public interface RowRequestConformance extends BackendUnderTest {
  @Test
  default void argmaxTakesTheLowestOfTheBest() {
    List<RowRequest> rows = new ArrayList<>();
    for (int t = 0; t < RowTables.TOKENS; t++) {
      rows.add(new RowRequest.Argmax(t, LogitEdit.NONE));
    }
    RowTables.run(
        this,
        rows,
        (outputs, logits) -> {
          for (int t = 0; t < RowTables.TOKENS; t++) {
            assertEquals(1, outputs.candidateCount(t));
            assertEquals(
                RowTables.ranking(RowTables.floats(logits[t]))[0],
                outputs.candidateIds(t)[0],
                "token " + t);
            assertTrue(outputs.isFinite(t));
          }
          assertEquals(7, outputs.candidateIds(0)[0]);
          assertEquals(0, outputs.candidateIds(4)[0]);
          assertEquals(50f, outputs.candidateLogits(0)[0]);
        });
  }

  @Test
  default void argmaxAfterTheEdit() {
    RowTables.run(
        this,
        List.of(
            new RowRequest.Argmax(0, RowTables.bias()),
            new RowRequest.Argmax(0, RowTables.bias(7, -1)),
            new RowRequest.Argmax(0, RowTables.mask()),
            new RowRequest.Argmax(0, LogitEdit.NONE)),
        (outputs, logits) -> {
          assertEquals(1002, outputs.candidateIds(0)[0]);
          assertEquals(500, outputs.candidateIds(1)[0]);
          assertEquals(1002, outputs.candidateIds(2)[0], "1002 is a multiple of 3");
          // The same token again, without: an edit belongs to its request alone.
          assertEquals(7, outputs.candidateIds(3)[0]);
        });
  }

  @Test
  default void topKIsInOrder() {
    int[] ks = {1, 2, 40, RowTables.VOCAB, 5};
    for (LogitEdit edit : RowTables.edits()) {
      List<RowRequest> rows = new ArrayList<>();
      for (int i = 0; i < ks.length; i++) {
        rows.add(new RowRequest.TopK(i, ks[i], edit));
      }
      RowTables.run(
          this,
          rows,
          (outputs, logits) -> {
            for (int i = 0; i < ks.length; i++) {
              RowTables.checkBest(outputs, i, ks[i], RowTables.edited(logits[i], edit));
            }
          });
    }
  }

  /** A row with a NaN or an infinity is known as such, and its neighbours are not. */
  @Test
  default void whatIsNoNumberIsNoticedInItsRowAlone() {
    for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
      try (Backend backend = open(2);
          Arena arena = Arena.ofShared()) {
        Weight table = RowTables.logitTable(arena);
        table.data().setAtIndex(RowTables.FLOAT, 2 * RowTables.VOCAB + 613, broken);
        var b = new GraphBuilder();
        Value rows = b.selectRows(b.embed(table));
        try (var runner =
            new GraphRunner(backend, b.build(rows, rows), RowTables.limits(), RowTables.VOCAB)) {
          List<RowRequest> requests =
              List.of(
                  new RowRequest.Argmax(0, LogitEdit.NONE),
                  new RowRequest.Argmax(2, LogitEdit.NONE),
                  new RowRequest.TopK(2, 3, LogitEdit.NONE),
                  new RowRequest.Draw(2, 1, 0.5, LogitEdit.NONE),
                  new RowRequest.Logits(2),
                  new RowRequest.Score(2, 5),
                  new RowRequest.Draw(3, 1, 0.5, LogitEdit.NONE),
                  new RowRequest.Logits(1));
          int[] ids = IntStream.range(0, RowTables.TOKENS).toArray();
          Batch batch = runner.batch(List.of(new Piece(ids, 0, new int[1])), requests);
          Outputs outputs = runner.run(batch);
          for (int slot = 0; slot < requests.size(); slot++) {
            boolean whole = requests.get(slot).token() != 2;
            assertEquals(whole, outputs.isFinite(slot), broken + ", " + requests.get(slot));
          }
        }
      }
    }
  }

  @Test
  default void denseRequestsAndOthersInOneStep() {
    RowTables.run(
        this,
        List.of(
            new RowRequest.Logits(0),
            new RowRequest.Hidden(0),
            new RowRequest.Argmax(0, RowTables.bias()),
            new RowRequest.Logits(0),
            new RowRequest.Hidden(3),
            new RowRequest.TopK(5, 3, LogitEdit.NONE)),
        (outputs, logits) -> {
          for (int slot : new int[] {0, 3}) {
            for (int i = 0; i < RowTables.VOCAB; i++) {
              float got = outputs.dense(slot).getAtIndex(RowTables.FLOAT, i);
              assertEquals((float) logits[0][i], got);
            }
          }
          assertEquals(1002, outputs.candidateIds(2)[0]);
          assertArrayEquals(new int[] {0, 1, 2}, first(outputs.candidateIds(5), 3));
        });
  }

  private static int[] first(int[] ids, int n) {
    return IntStream.range(0, n).map(i -> ids[i]).toArray();
  }

  /** The middle of a long prompt asks for nothing. */
  @Test
  default void aStepMayAskForNothing() {
    RowTables.run(this, List.of(), (_, _) -> {});
  }
}
