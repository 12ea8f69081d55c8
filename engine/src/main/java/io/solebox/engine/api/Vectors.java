package io.solebox.engine.api;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.HiddenRows;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.model.ModelInfo;
import java.util.List;

/** What becomes of hidden states: vectors of texts, and scores. */
final class Vectors {
  private Vectors() {}

  /** The rows that are needed; of a classifier the one that it is made for. */
  static HiddenRows rows(ModelInfo info, Pooling pooling) {
    return switch (pooling) {
      case NONE, MEAN -> HiddenRows.ALL;
      case CLS -> HiddenRows.FIRST;
      case LAST -> HiddenRows.LAST;
      case RANK -> info.isEncoder() ? HiddenRows.FIRST : HiddenRows.LAST;
    };
  }

  static float[][] of(float[][] rows, Pooling pooling, boolean normalized) {
    float[][] vectors =
        switch (pooling) {
          case MEAN -> new float[][] {mean(rows)};
          case RANK -> new float[][] {probabilities(rows[0])};
          case NONE, CLS, LAST -> rows;
        };
    if (normalized) {
      for (float[] vector : vectors) {
        normalize(vector);
      }
    }
    return vectors;
  }

  private static float[] mean(float[][] rows) {
    float[] mean = new float[rows[0].length];
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (float[] row : rows) {
        sum += row[i];
      }
      mean[i] = (float) (sum / rows.length);
    }
    return mean;
  }

  /** A vector of zeros stays one. */
  private static void normalize(float[] vector) {
    double squares = 0;
    for (float x : vector) {
      squares += (double) x * x;
    }
    double length = Math.sqrt(squares);
    for (int i = 0; length > 0 && i < vector.length; i++) {
      vector[i] = (float) (vector[i] / length);
    }
  }

  /** Of several labels their probabilities; one alone is a score as it is. */
  private static float[] probabilities(float[] labels) {
    if (labels.length == 1) {
      return labels;
    }
    double max = Float.NEGATIVE_INFINITY;
    for (float label : labels) {
      max = Math.max(max, label);
    }
    double sum = 0;
    for (float label : labels) {
      sum += Math.exp(label - max);
    }
    float[] shares = new float[labels.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = (float) (Math.exp(labels[i] - max) / sum);
    }
    return shares;
  }

  static void requireRanking(ModelInfo info) {
    if (info.pooling().filter(p -> p == Pooling.RANK).isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          info.name(),
          "It has no classifier, so it cannot say how well a text suits a question.",
          "Load a reranker: its file says pooling_type 4. For vectors of texts use `solebox embed`.");
    }
    List<String> labels = info.labels();
    if (labels.size() > 1 && !labels.getFirst().equalsIgnoreCase("yes")) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          info.name(),
          "It tells %d labels apart (%s), and does not say which of them is how well a text suits a question."
              .formatted(
                  labels.size(),
                  Printable.name(String.join(", ", labels.subList(0, Math.min(8, labels.size()))))),
          "Load a reranker with one label, or with yes as its first.");
    }
  }
}
