package io.solebox.planner.measured;

import io.solebox.engine.api.Decoding;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.measured.Measurements.Decoded;
import io.solebox.planner.model.PlannedModel;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Speeds of decode out of what was measured, where what a token reads is all that is known. */
final class MeasuredReads {
  private MeasuredReads() {}

  /** Formats that decide how fast it is, that of most bytes first. */
  static List<TensorType> deciding(Decoding reads) {
    return PlannedModel.deciding(reads.formats());
  }

  /** All that passes beside reading is in what was measured. */
  static Decoded ofModel(Measurement found, Decoding reads) {
    double seconds =
        reads.weightBytes() / found.weights().middle() + reads.keptBytes() / found.kept().middle();
    return new Decoded(1 / seconds, found.origin().words());
  }

  /**
   * @param main the format that stands for those that decide nothing
   */
  static Decoded ofFormats(Map<TensorType, Measurement> found, TensorType main, Decoding reads) {
    Measurement usual = found.get(main);
    double seconds = MeasuredPaces.SECONDS_PER_STEP + reads.keptBytes() / usual.kept().middle();
    double rest = reads.weightBytes();
    for (Map.Entry<TensorType, Measurement> each : found.entrySet()) {
      double bytes = reads.formats().getOrDefault(each.getKey(), 0.0);
      seconds += bytes / each.getValue().weights().middle();
      rest -= bytes;
    }
    seconds += rest / usual.weights().middle();
    return new Decoded(
        1 / seconds,
        found.values().stream()
            .map(each -> each.origin().words())
            .distinct()
            .collect(Collectors.joining(", ")));
  }
}
