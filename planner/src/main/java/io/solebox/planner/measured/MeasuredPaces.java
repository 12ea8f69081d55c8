package io.solebox.planner.measured;

import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.figure.Range;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.machine.Rate;
import io.solebox.planner.measured.Measurement.Prompts;
import io.solebox.planner.measured.Measurement.Subject;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.DevicePaces.Measured;
import io.solebox.planner.speed.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Paces out of what was measured. */
public final class MeasuredPaces {
  /** What is taken to pass beside reading and computing; the rest of it is in what is measured. */
  public static final double SECONDS_PER_OP = 1e-6;

  public static final double SECONDS_PER_STEP = 20e-6;

  private MeasuredPaces() {}

  /**
   * As a model was seen to go: all that passes beside reading is in its pace. Prompts go as the
   * profile says where they were not measured.
   *
   * @param isCard or the processor
   */
  public static DevicePaces ofModel(Measurement found, DeviceProfile profile, boolean isCard) {
    Optional<DevicePaces> told = DevicePaces.of(profile, isCard);
    boolean knows =
        found.prompts().isPresent() || told.filter(DevicePaces::knowsOperations).isPresent();
    return new DevicePaces(
        ofModel(found, Range::low, told.map(DevicePaces::slow)),
        ofModel(found, Range::high, told.map(DevicePaces::fast)),
        knows,
        most(profile, found.weights()),
        List.of(says(found) + (found.prompts().isEmpty() ? "; prompts go as the tables say" : "")),
        Optional.of(new Measured(found.origin().words(), found.prompts().isPresent())));
  }

  private static Pace ofModel(Measurement found, ToDoubleFunction<Range> end, Optional<Pace> told) {
    Optional<Prompts> prompts = found.prompts();
    double weights = end.applyAsDouble(found.weights());
    return new Pace(
        _ -> weights,
        end.applyAsDouble(found.kept()),
        type ->
            prompts
                .map(each -> end.applyAsDouble(each.products()))
                .or(() -> told.map(pace -> pace.operationsPerSecond().applyAsDouble(type)))
                .orElse(Double.POSITIVE_INFINITY),
        prompts
            .map(each -> end.applyAsDouble(each.attention()))
            .or(() -> told.map(Pace::attentionPerSecond))
            .orElse(Double.POSITIVE_INFINITY),
        0,
        0);
  }

  /**
   * As matrices of each format were seen to go.
   *
   * @param main the format that stands for those that decide nothing
   */
  static DevicePaces ofFormats(
      Map<TensorType, Measurement> found, TensorType main, DeviceProfile profile) {
    List<String> reasons = new ArrayList<>();
    found.values().forEach(each -> reasons.add(says(each)));
    Range read =
        found.values().stream()
            .map(Measurement::weights)
            .reduce((one, other) -> one.high() >= other.high() ? one : other)
            .orElseThrow();
    return new DevicePaces(
        ofFormats(found, found.get(main), Range::low),
        ofFormats(found, found.get(main), Range::high),
        true,
        most(profile, read),
        reasons,
        Optional.of(
            new Measured(
                found.values().stream()
                    .map(each -> each.origin().words())
                    .distinct()
                    .collect(Collectors.joining(", ")),
                true)));
  }

  private static Pace ofFormats(
      Map<TensorType, Measurement> found, Measurement main, ToDoubleFunction<Range> end) {
    return new Pace(
        type -> end.applyAsDouble(found.getOrDefault(type, main).weights()),
        end.applyAsDouble(main.kept()),
        type -> prompts(found.getOrDefault(type, main), Prompts::products, end),
        prompts(main, Prompts::attention, end),
        SECONDS_PER_OP,
        SECONDS_PER_STEP);
  }

  private static double prompts(
      Measurement of, Function<Prompts, Range> part, ToDoubleFunction<Range> end) {
    return of.prompts().map(part).map(end::applyAsDouble).orElse(Double.POSITIVE_INFINITY);
  }

  /** What clocks and widths allow is more than anything that was seen to be read. */
  private static Range most(DeviceProfile profile, Range seen) {
    return profile
        .bandwidth()
        .filter(rate -> rate.basis() == Rate.Basis.PEAK)
        .map(Rate::range)
        .orElse(seen.because("the most that was seen to be read"));
  }

  private static String says(Measurement found) {
    String what =
        switch (found.subject()) {
          case Subject.Format(TensorType type) -> "In %s decode".formatted(type);
          case Subject.Model(String name, String format) ->
              "Decode of %s in %s".formatted(name, format);
        };
    return "%s reads %s%s: %s"
        .formatted(
            what,
            found.weights().text(),
            found
                .prompts()
                .map(each -> ", and prompts compute " + each.products().text())
                .orElse(""),
            found.origin().words());
  }
}
