package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.LogitEdit;
import io.solebox.engine.backend.RowRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows that ask for probabilities: of the best, of an id that is drawn, of one that is given. */
public interface ProbabilityConformance extends BackendUnderTest {
  /** With the sum over all, and the whole row where the best are too few. */
  @Test
  default void aNucleusIsWholeWhereItsBestAreTooFew() {
    for (LogitEdit edit : RowTables.edits()) {
      List<RowRequest> rows = new ArrayList<>();
      for (int i = 1; i < 5; i++) {
        rows.add(new RowRequest.Nucleus(i, 5 * i * i, 0.2 * i, edit));
      }
      RowTables.run(
          this,
          rows,
          (outputs, logits) -> {
            for (int i = 1; i < 5; i++) {
              float[] expected = RowTables.edited(logits[i], edit);
              RowTables.checkBest(outputs, i - 1, 5 * i * i, expected);
              double sum = RowTables.logSumExp(expected);
              assertEquals(sum, outputs.logSumExp(i - 1), 1e-4);
              double mass = 0;
              for (int j = 0; j < outputs.candidateCount(i - 1); j++) {
                mass += Math.exp(outputs.candidateLogits(i - 1)[j] - sum);
              }
              if (Math.abs(mass - 0.2 * i) > 1e-3) {
                assertEquals(mass < 0.2 * i, outputs.isWhole(i - 1), "mass " + mass);
              }
              for (int id = 0; outputs.isWhole(i - 1) && id < RowTables.VOCAB; id++) {
                assertEquals(expected[id], outputs.dense(i - 1).getAtIndex(RowTables.FLOAT, id));
              }
            }
          });
    }
  }

  /** What is drawn is the id whose share of the probability holds u. */
  @Test
  default void drawsAreTheIdsWhoseShareHoldsU() {
    double[] us = {0, 0.01, 0.3, 0.62, 0.9, 0.9999};
    for (double temperature : new double[] {1, 0.5, 3}) {
      for (LogitEdit edit : RowTables.edits()) {
        List<RowRequest> rows = new ArrayList<>();
        for (int i = 0; i < us.length; i++) {
          rows.add(new RowRequest.Draw(i, temperature, us[i], edit));
        }
        RowTables.run(
            this,
            rows,
            (outputs, logits) -> {
              for (int i = 0; i < us.length; i++) {
                float[] expected = RowTables.edited(logits[i], edit);
                int id = outputs.candidateIds(i)[0];
                assertEquals(expected[id], outputs.candidateLogits(i)[0]);
                checkShare(expected, temperature, us[i], id);
              }
            });
      }
    }
  }

  private static void checkShare(float[] logits, double temperature, double u, int id) {
    double all = 0;
    double below = 0;
    for (int i = 0; i < logits.length; i++) {
      double weight = Math.exp((logits[i] - 100) / temperature);
      all += weight;
      below += i < id ? weight : 0;
    }
    double above = below + Math.exp((logits[id] - 100) / temperature);
    String what = "%d from %.6f to %.6f for %.6f".formatted(id, below / all, above / all, u);
    assertTrue(below / all <= u + 1e-5 && above / all >= u - 1e-5, what);
    assertTrue(logits[id] > Float.NEGATIVE_INFINITY, what);
  }

  @Test
  default void scoresAreLogProbabilitiesOfGivenIds() {
    int[] ids = {7, 0, 1002, 500, 31, 8};
    List<RowRequest> rows = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      rows.add(new RowRequest.Score(i, ids[i]));
    }
    RowTables.run(
        this,
        rows,
        (outputs, logits) -> {
          for (int i = 0; i < ids.length; i++) {
            assertEquals((float) logits[i][ids[i]], outputs.candidateLogits(i)[0]);
            assertEquals(
                RowTables.logSumExp(RowTables.floats(logits[i])), outputs.logSumExp(i), 1e-4);
          }
        });
  }
}
