package io.solebox.planner.speed;

import io.solebox.planner.figure.Range;
import io.solebox.planner.machine.Arithmetic;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The slowest and the fastest that a device may go, and why.
 *
 * @param knowsOperations whether anything is known of how fast it computes
 * @param bandwidth that its memory gives at most, bytes a second
 * @param reasons one sentence each, without its end
 * @param measured empty where nothing of it was
 */
public record DevicePaces(
    Pace slow,
    Pace fast,
    boolean knowsOperations,
    Range bandwidth,
    List<String> reasons,
    Optional<Measured> measured) {
  /**
   * That it was measured.
   *
   * @param words where, when and by what
   * @param withPrompts or decode alone
   */
  public record Measured(String words, boolean withPrompts) {}

  /**
   * What of a card's peak decode gets: to plan with 55 to 75 % (design notes 4.2), and 52 tok/s of
   * 7b in F16 on a V100 are 78 %.
   */
  private static final Share CARD_PEAK = new Share(0.55, 0.80);

  /**
   * Of the board's peak its processor reads 70 to 85 %, and of that decode gets what stands below.
   */
  private static final Share BOARD_PEAK = new Share(0.45, 0.85);

  /** What of the measured read bandwidth decode gets, over formats: docs/benchmarks.md. */
  private static final Share MEASURED = new Share(0.63, 1.05);

  /**
   * The same of what a card's memory was measured to give: 55 to 85 % of it are aimed at on a GPU
   * (docs/benchmarks.md), and no card has been measured.
   */
  private static final Share CARD_MEASURED = new Share(0.55, 0.90);

  /**
   * What of a peak of matrix units prompts get: 60 % of what the kernels' instruction gives is
   * aimed at on a GPU (docs/benchmarks.md) and no card has been measured; on processors 38 to 58 %
   * of the f32 peak, and with products of bytes more.
   */
  private static final Share COMPUTED = new Share(0.25, 0.60);

  /**
   * A launch in a graph and what a small kernel waits for: the assumptions of bench/gpu-model.py.
   */
  private static final Share CARD_OP = new Share(0.9e-6, 4e-6);

  private static final Share CARD_STEP = new Share(30e-6, 90e-6);

  /** Threads that meet behind each op, and a step's bookkeeping. */
  private static final Share BOARD_OP = new Share(0.5e-6, 5e-6);

  private static final Share BOARD_STEP = new Share(20e-6, 200e-6);

  /** Between two values, of which the first is the lower one. */
  private record Share(double low, double high) {
    String percent() {
      return "%.0f to %.0f %%".formatted(100 * low, 100 * high);
    }
  }

  public DevicePaces {
    reasons = List.copyOf(reasons);
  }

  /**
   * From a profile.
   *
   * @param isCard or the processor
   * @return empty where the bandwidth of its memory is not known: then nothing is
   */
  public static Optional<DevicePaces> of(DeviceProfile device, boolean isCard) {
    return device.bandwidth().map(rate -> of(device, rate, isCard));
  }

  private static DevicePaces of(DeviceProfile device, Rate rate, boolean isCard) {
    List<String> reasons = new ArrayList<>();
    Range bandwidth = rate.range();
    Share read =
        switch (rate.basis()) {
          case MEASURED -> isCard ? CARD_MEASURED : MEASURED;
          case PEAK -> isCard ? CARD_PEAK : BOARD_PEAK;
        };
    reasons.add(
        "Decode gets %s of the %s that the memory of %s gives (%s)"
            .formatted(read.percent(), bandwidth.text(), device.name(), bandwidth.reason()));
    Optional<Rate> half = device.rate(Arithmetic.F16).or(() -> device.rate(Arithmetic.F32));
    half.ifPresent(known -> reasons.add(computed(device, known)));
    if (half.isEmpty()) {
      reasons.add(
          "How fast %s computes is not known, so nothing is said of prompts"
              .formatted(device.name()));
    }
    Share op = isCard ? CARD_OP : BOARD_OP;
    Share step = isCard ? CARD_STEP : BOARD_STEP;
    double slow = half.map(known -> COMPUTED.low() * known.range().low()).orElse(infinite());
    double fast = half.map(known -> COMPUTED.high() * known.range().high()).orElse(infinite());
    return new DevicePaces(
        pace(read.low() * bandwidth.low(), slow, op.high(), step.high()),
        pace(read.high() * bandwidth.high(), fast, op.low(), step.low()),
        half.isPresent(),
        bandwidth,
        reasons,
        Optional.empty());
  }

  /** The same with more to say. */
  public DevicePaces because(List<String> more) {
    List<String> all = new ArrayList<>(reasons);
    all.addAll(more);
    return new DevicePaces(slow, fast, knowsOperations, bandwidth, all, measured);
  }

  private static double infinite() {
    return Double.POSITIVE_INFINITY;
  }

  private static String computed(DeviceProfile device, Rate rate) {
    return "Prompts get %s of the %s that %s computes (%s)"
        .formatted(COMPUTED.percent(), rate.range().text(), device.name(), rate.range().reason());
  }

  private static Pace pace(double bytes, double operations, double op, double step) {
    return new Pace(_ -> bytes, bytes, _ -> operations, operations, op, step);
  }
}
