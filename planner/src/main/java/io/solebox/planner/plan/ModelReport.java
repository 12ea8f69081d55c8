package io.solebox.planner.plan;

import io.solebox.engine.api.LoadOptions;
import io.solebox.planner.figure.Range;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.speed.SpeedPlan;
import java.util.List;
import java.util.Optional;

/**
 * What a model needs of a machine, and how fast it answers there.
 *
 * @param near speeds behind a prompt; empty for a model that gives no answers, and where the
 *     bandwidth of a memory is not known
 * @param far the same at the end of the longest sequence
 * @param tensor the same split inside the layers; empty for one device
 * @param load seconds until it is there; empty where the disk is not known
 * @param instead what would fit, where it does not
 */
public record ModelReport(
    ModelQuestion question,
    MemoryPlan memory,
    Optional<SpeedPlan> near,
    Optional<SpeedPlan> far,
    Optional<TensorReport> tensor,
    Optional<Range> load,
    List<String> instead) {
  public ModelReport {
    instead = List.copyOf(instead);
  }

  /**
   * Computes.
   *
   * @throws io.solebox.engine.error.SoleboxException as {@link MemoryPlan#of} says
   */
  public static ModelReport of(ModelQuestion question) {
    MemoryPlan memory = question.memory();
    int context = contextTokens(question);
    int prompt = Math.min(question.prompt(), context);
    var speeds = new Speeds(question, prompt);
    return new ModelReport(
        question,
        memory,
        speeds.byLayers(memory, prompt),
        speeds.byLayers(memory, context),
        TensorReport.of(question, speeds, prompt),
        LoadTime.of(question, memory),
        new Instead(question).of(memory));
  }

  private static int contextTokens(ModelQuestion question) {
    int trained = question.model().outline().info().trainedContext();
    return question
        .options()
        .contextTokens()
        .orElse(Math.min(trained, LoadOptions.DEFAULT_CONTEXT));
  }

  /** Of the longest sequence. */
  public int contextTokens() {
    return contextTokens(question);
  }

  /** Speeds as {@code --split auto} would have it, if it fits; by layers where the link decides. */
  public Optional<SpeedPlan> expected() {
    return tensor
        .filter(split -> fits(split) && verdict(split) == TensorReport.Verdict.TENSOR)
        .flatMap(ModelReport::speed)
        .or(() -> near);
  }

  private static TensorReport.Verdict verdict(TensorReport split) {
    return switch (split) {
      case TensorReport.Planned planned -> planned.verdict();
      case TensorReport.Refused _ -> TensorReport.Verdict.LAYERS;
    };
  }

  private static Optional<SpeedPlan> speed(TensorReport split) {
    return switch (split) {
      case TensorReport.Planned planned -> planned.near();
      case TensorReport.Refused _ -> Optional.empty();
    };
  }

  /** Whether one longest sequence has room, in one way of splitting or the other. */
  public boolean fits() {
    return fits(memory) || tensor.filter(ModelReport::fits).isPresent();
  }

  private static boolean fits(TensorReport split) {
    return switch (split) {
      case TensorReport.Planned planned -> fits(planned.memory());
      case TensorReport.Refused _ -> false;
    };
  }

  /** Whether one longest sequence has room by layers. */
  private static boolean fits(MemoryPlan memory) {
    return switch (memory.room()) {
      case FITS, FITS_WITH_LESS_CACHE -> true;
      case MAY_FIT, NO -> false;
    };
  }
}
