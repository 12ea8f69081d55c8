package io.solebox.store.imatrix;

import io.solebox.engine.backend.InputSquares;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.imatrix.ImportanceMatrix.Entry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a model was multiplied with while it read, as importance of its matrices. */
public final class FoundImportance {
  private FoundImportance() {}

  /**
   * By the names of the matrices, sorted. A matrix that nothing was multiplied with is left out, as
   * that of logits where none were asked for.
   *
   * @throws SoleboxException {@code NON_FINITE} naming matrices that were multiplied with something
   *     that is no number
   */
  public static Map<String, Entry> of(List<InputSquares> found) {
    Map<String, Entry> entries = new TreeMap<>();
    for (InputSquares squares : found) {
      float[] counts = new float[squares.counts().length];
      boolean any = false;
      for (int i = 0; i < counts.length; i++) {
        counts[i] = squares.counts()[i];
        any |= counts[i] > 0;
      }
      if (any) {
        requireFinite(squares);
        var entry = new Entry(squares.sums(), counts);
        squares.weights().forEach(name -> entries.merge(name, entry, Entry::plus));
      }
    }
    return entries;
  }

  private static void requireFinite(InputSquares squares) {
    for (float sum : squares.sums()) {
      if (!Float.isFinite(sum)) {
        throw new SoleboxException(
            ErrorCode.NON_FINITE,
            String.join(", ", squares.weights().stream().sorted().toList()),
            "The model computed something that is not a number (NaN or infinite).",
            "Verify the model file, or download it again.");
      }
    }
  }
}
