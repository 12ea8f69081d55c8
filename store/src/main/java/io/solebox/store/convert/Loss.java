package io.solebox.store.convert;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What values lost on their way into a file, summed over the tensors that were written in another
 * format. For one thread.
 */
public final class Loss {
  private static final int MOST_NAMES = 4;

  /**
   * Of one tensor.
   *
   * @param overflowed values that are beyond the format, and became infinite
   * @param error root of the mean square of the difference, over that of the values
   */
  public record OfTensor(String name, long overflowed, double error) {}

  private final List<OfTensor> tensors = new ArrayList<>();

  void add(OfTensor tensor) {
    tensors.add(tensor);
  }

  /** Those that were written in another format. */
  public List<OfTensor> tensors() {
    return List.copyOf(tensors);
  }

  /** Values that became infinite. */
  public long overflowed() {
    return tensors.stream().mapToLong(OfTensor::overflowed).sum();
  }

  /** The largest error of a tensor. */
  public double worst() {
    return tensors.stream().mapToDouble(OfTensor::error).max().orElse(0);
  }

  /** What a person should know of it. */
  public List<String> notes() {
    if (overflowed() == 0) {
      return List.of();
    }
    List<OfTensor> hit = tensors.stream().filter(tensor -> tensor.overflowed() > 0).toList();
    List<String> names =
        hit.stream()
            .limit(MOST_NAMES)
            .map(t -> "%s (%d)".formatted(t.name(), t.overflowed()))
            .toList();
    return List.of(
        String.format(
            Locale.ROOT,
            "%d values are beyond what F16 can hold and became infinite, in %s%s. Write BF16 or F32"
                + " instead: --type BF16.",
            overflowed(),
            String.join(", ", names),
            hit.size() > MOST_NAMES ? " and others" : ""));
  }
}
