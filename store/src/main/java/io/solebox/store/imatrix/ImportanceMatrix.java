package io.solebox.store.imatrix;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.TensorInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the matrices of a model were multiplied with while it read some text: the more a column of
 * them was asked for, the more the errors of its weights matter.
 *
 * @param place of the file it comes from, for errors
 * @param datasets names of what was read
 * @param chunks how many pieces of text were read
 * @param chunkTokens tokens of each
 * @param entries by the names of the matrices, in the order of the file
 */
public record ImportanceMatrix(
    String place,
    List<String> datasets,
    OptionalInt chunks,
    OptionalInt chunkTokens,
    Map<String, Entry> entries) {
  /**
   * Of one matrix, or of all experts one after the other.
   *
   * @param sums of squares of inputs, by column; [experts, cols]
   * @param counts how many inputs that were, for each expert
   */
  public record Entry(float[] sums, float[] counts) {
    public Entry {
      if (counts.length == 0 || sums.length % counts.length != 0) {
        throw new IllegalArgumentException(sums.length + " sums of " + counts.length);
      }
    }

    /** Mean squares by column; 1 for all of an expert that nothing came to. */
    public float[] means() {
      int cols = sums.length / counts.length;
      float[] means = new float[sums.length];
      for (int i = 0; i < means.length; i++) {
        float count = counts[i / cols];
        means[i] = count > 0 ? sums[i] / count : 1;
      }
      return means;
    }
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} for values that are no numbers
   */
  public ImportanceMatrix {
    datasets = List.copyOf(datasets);
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    for (Map.Entry<String, Entry> entry : entries.entrySet()) {
      requireFinite(place, entry.getKey(), entry.getValue().means());
    }
  }

  private static void requireFinite(String place, String name, float[] means) {
    for (int i = 0; i < means.length; i++) {
      if (!Float.isFinite(means[i])) {
        throw new SoleboxException(
            ErrorCode.BAD_MODEL_FILE,
            place + ", " + Printable.name(name),
            "importance " + i + " of " + means.length + " is " + means[i] + ", and no number",
            "Make the importance matrix again, or quantize without one.");
      }
    }
  }

  /**
   * Mean squares of the inputs of a matrix, of all its experts one after the other; empty for one
   * that was not looked at.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for a matrix of another size, which comes
   *     from another model
   */
  public Optional<float[]> of(TensorInfo tensor) {
    Entry entry = entries.get(tensor.name());
    if (entry == null) {
      return Optional.empty();
    }
    long experts = tensor.shape().size() > 2 ? tensor.shape().get(2) : 1;
    if (entry.sums().length != tensor.cols() * experts) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place + ", " + Printable.name(tensor.name()),
          "there are %d values for a matrix of %d columns%s"
              .formatted(
                  entry.sums().length,
                  tensor.cols(),
                  experts == 1 ? "" : " and " + experts + " experts"),
          "Give the importance matrix that was made with this model.");
    }
    return Optional.of(entry.means());
  }
}
