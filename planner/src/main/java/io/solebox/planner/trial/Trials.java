package io.solebox.planner.trial;

import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.BackendProvider;
import io.solebox.engine.backend.BackendProvider.Options;
import io.solebox.engine.backend.BackendProvider.Probe;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.TensorInfo;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.Pace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * Measures how fast this machine's processor is in the formats of a model: steps of a model of a
 * few layers, whose weights are more than caches hold, format by format. Nothing else may compute
 * meanwhile.
 */
public final class Trials {
  /** Formats that hold less of a model do not decide how fast it is. */
  private static final double LEAST_SHARE = 0.02;

  /** By which two measures of the same differ on a machine that does little else. */
  private static final double SPREAD = 0.1;

  private final int threads;

  public Trials(int threads) {
    this.threads = threads;
  }

  /**
   * Paces of the processor for a model, by a second or two of measuring for each of its formats.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where the processor cannot be used
   */
  public DevicePaces paces(PlannedModel model, KvType kvType) {
    Map<TensorType, Trial> trials = new EnumMap<>(TensorType.class);
    try (Backend backend = processor()) {
      for (TensorType type : formats(model)) {
        trials.put(type, Trial.run(backend, type, kvType));
      }
    }
    return paces(trials);
  }

  private Backend processor() {
    for (BackendProvider provider : ServiceLoader.load(BackendProvider.class)) {
      if (provider.name().equals("cpu")) {
        return switch (provider.probe()) {
          case Probe.Usable usable ->
              provider.open(usable.devices().getFirst(), new Options(threads));
          case Probe.Unusable(var reason, var remedy) ->
              throw new SoleboxException(ErrorCode.DEVICE_UNAVAILABLE, "cpu", reason, remedy);
        };
      }
    }
    throw new IllegalStateException("this build has no backend cpu");
  }

  /** Those of most bytes first. */
  private static List<TensorType> formats(PlannedModel model) {
    Map<TensorType, Long> bytes = new EnumMap<>(TensorType.class);
    for (TensorInfo tensor : model.tensors()) {
      if (tensor.shape().size() > 1) {
        bytes.merge(tensor.type(), tensor.bytes(), Long::sum);
      }
    }
    long all = bytes.values().stream().mapToLong(Long::longValue).sum();
    return bytes.entrySet().stream()
        .filter(each -> each.getValue() >= LEAST_SHARE * all)
        .sorted(Map.Entry.<TensorType, Long>comparingByValue(Comparator.reverseOrder()))
        .map(Map.Entry::getKey)
        .toList();
  }

  private static DevicePaces paces(Map<TensorType, Trial> trials) {
    List<String> reasons = new ArrayList<>();
    trials.forEach((type, trial) -> reasons.add(trial.says(type)));
    double read = trials.values().stream().mapToDouble(Trial::bytesPerSecond).max().orElseThrow();
    return new DevicePaces(
        pace(trials, 1 - SPREAD),
        pace(trials, 1 + SPREAD),
        true,
        Range.about(read, SPREAD, Unit.BYTES_PER_SECOND, "the most that a format was seen to read"),
        reasons);
  }

  private static Pace pace(Map<TensorType, Trial> trials, double factor) {
    Trial other = trials.values().iterator().next();
    return new Pace(
        type -> factor * trials.getOrDefault(type, other).bytesPerSecond(),
        factor * other.keptBytesPerSecond(),
        type -> factor * trials.getOrDefault(type, other).operationsPerSecond(),
        factor * other.attentionPerSecond(),
        Trial.SECONDS_PER_OP,
        Trial.SECONDS_PER_STEP);
  }
}
