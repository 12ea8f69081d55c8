package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;

/**
 * Brings weights of one format to another, for devices that have no kernels for the first. What it
 * is brought to has kernels everywhere, or holds the same values. Stateless; safe for many threads.
 */
public sealed interface Transcoder permits ToFloats, ToRuns, ToSmallBlocks {
  /** What becomes of the values. */
  enum Fidelity {
    /** They are the same. */
    EXACT("with the same values"),
    /** Codes are the same, and their scales the nearest of 16 bits. */
    SAME_CODES("with scales of 16 bits"),
    /** Steps of a 127th of the largest weight of 32. */
    ROUNDED("rounded to 8 bits");

    private final String words;

    Fidelity(String words) {
      this.words = words;
    }

    /** For people: how the weights arrive. */
    public String words() {
      return words;
    }
  }

  Fidelity fidelity();

  /**
   * @param src whole blocks of {@code count} weights, from its start on
   * @param dst room for as many in the other format
   */
  void run(MemorySegment src, MemorySegment dst, long count);

  /** What there are kernels for nearly everywhere, and is written; fewest bits first. */
  List<TensorType> TARGETS =
      List.of(TensorType.Q3_K, TensorType.Q4_0, TensorType.Q5_0, TensorType.Q6_K, TensorType.Q8_0);

  /**
   * The format to bring weights to: that of fewest bits which holds the same codes, or else Q8_0;
   * floats become F32.
   *
   * @param computed what there are kernels for, Q8_0 and F32 among them
   */
  static TensorType nearest(TensorType from, Set<TensorType> computed) {
    if (computed.contains(from)) {
      return from;
    }
    if (from.family().isEmpty()) {
      return TensorType.F32;
    }
    return TARGETS.stream()
        .filter(to -> computed.contains(to) && keepsCodes(from, to))
        .findFirst()
        .orElse(TensorType.Q8_0);
  }

  private static boolean keepsCodes(TensorType from, TensorType to) {
    return ToRuns.holds(from, to) || ToSmallBlocks.holds(from, to);
  }

  /**
   * @param to another format that is {@link #nearest} to {@code from} for some device
   */
  static Transcoder of(TensorType from, TensorType to) {
    if (ToRuns.holds(from, to)) {
      return new ToRuns(from, to);
    }
    if (ToSmallBlocks.holds(from, to)) {
      return new ToSmallBlocks(from, to);
    }
    return new ToFloats(from, to);
  }
}
