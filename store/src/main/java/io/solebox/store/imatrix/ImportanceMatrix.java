package io.solebox.store.imatrix;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.TensorInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.IntStream;

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

    /**
     * Both together. One count for all experts, as older files have it, stands for each of them.
     *
     * @throws IllegalArgumentException for another number of columns or experts
     */
    Entry plus(Entry more) {
      int experts = Math.max(counts.length, more.counts.length);
      if (sums.length != more.sums.length || !fits(experts) || !more.fits(experts)) {
        throw new IllegalArgumentException(
            "%d and %d sums, %d and %d counts"
                .formatted(sums.length, more.sums.length, counts.length, more.counts.length));
      }
      float[] bothSums = new float[sums.length];
      for (int i = 0; i < bothSums.length; i++) {
        bothSums[i] = sums[i] + more.sums[i];
      }
      float[] bothCounts = new float[experts];
      for (int i = 0; i < experts; i++) {
        bothCounts[i] = count(i) + more.count(i);
      }
      return new Entry(bothSums, bothCounts);
    }

    private boolean fits(int experts) {
      return counts.length == experts || counts.length == 1;
    }

    private float count(int expert) {
      return counts[counts.length == 1 ? 0 : expert];
    }

    /** The same mean squares of so many times as many inputs. */
    Entry times(int factor) {
      return new Entry(scaled(sums, factor), scaled(counts, factor));
    }

    private static float[] scaled(float[] values, int factor) {
      float[] scaled = values.clone();
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] *= factor;
      }
      return scaled;
    }

    /** Experts that nothing came to. */
    public List<Integer> unused() {
      return IntStream.range(0, counts.length).filter(i -> counts[i] == 0).boxed().toList();
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
   * What this and another one found, which is named after.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} for matrices of other sizes, which come from
   *     another model, and for chunks of another length; where one does not say how long they were,
   *     the other's count
   */
  public ImportanceMatrix plus(ImportanceMatrix more) {
    int tokens = chunkTokens(more);
    Map<String, Entry> sum = new TreeMap<>(inTokens(tokens).entries);
    more.inTokens(tokens)
        .entries
        .forEach((name, entry) -> sum.merge(name, entry, (a, b) -> added(name, a, b, more)));
    var texts = new ArrayList<>(datasets);
    texts.addAll(more.datasets);
    return new ImportanceMatrix(
        more.place,
        texts,
        OptionalInt.of(chunks.orElse(0) + more.chunks.orElse(0)),
        OptionalInt.of(tokens),
        sum);
  }

  private int chunkTokens(ImportanceMatrix more) {
    int tokens = more.chunkTokens.orElse(chunkTokens.orElse(1));
    if (chunkTokens.orElse(tokens) != tokens) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place,
          "it was made of chunks of %d tokens, and not %d"
              .formatted(chunkTokens.getAsInt(), tokens),
          "Use --context " + chunkTokens.getAsInt() + ".");
    }
    return tokens;
  }

  /** The older format counts chunks where this counts inputs. */
  private ImportanceMatrix inTokens(int tokens) {
    if (chunkTokens.isPresent()) {
      return this;
    }
    Map<String, Entry> counted = new TreeMap<>();
    entries.forEach((name, entry) -> counted.put(name, entry.times(tokens)));
    return new ImportanceMatrix(place, datasets, chunks, OptionalInt.of(tokens), counted);
  }

  private Entry added(String name, Entry first, Entry second, ImportanceMatrix more) {
    try {
      return first.plus(second);
    } catch (IllegalArgumentException e) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place + ", " + Printable.name(name),
          "the matrix has another size than in " + more.place + ": " + e.getMessage(),
          "Give an importance matrix that was made with the same model.",
          e);
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
