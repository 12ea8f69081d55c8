package io.solebox.planner.plan;

import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.Placement;
import io.solebox.planner.figure.Range;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.SpeedPlan;
import io.solebox.planner.speed.Stage;
import io.solebox.planner.speed.Traffic;
import io.solebox.planner.work.StepWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a model needs of a machine, and how fast it answers there.
 *
 * @param near speeds behind a prompt; empty for a model that gives no answers, and where the
 *     bandwidth of a memory is not known
 * @param far the same at the end of the longest sequence
 * @param load seconds until it is there; empty where the disk is not known
 * @param instead what would fit, where it does not
 */
public record ModelReport(
    ModelQuestion question,
    MemoryPlan memory,
    Optional<SpeedPlan> near,
    Optional<SpeedPlan> far,
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
    return new ModelReport(
        question,
        memory,
        speed(question, memory, prompt, prompt),
        speed(question, memory, prompt, context),
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

  private static Optional<SpeedPlan> speed(
      ModelQuestion question, MemoryPlan memory, int prompt, int position) {
    if (question.model().outline().graph().logits().isEmpty()) {
      return Optional.empty();
    }
    List<DeviceProfile> computing = question.devices().machine().computing();
    List<Stage> stages = new ArrayList<>();
    for (Placement.Stage stage : memory.placement().stages()) {
      int i = memory.placement().stages().indexOf(stage);
      Optional<DevicePaces> paces = paces(question, computing.get(i), i);
      if (paces.isEmpty()) {
        return Optional.empty();
      }
      stages.add(new Stage(paces.get(), StepWork.of(stage.graph())));
    }
    return Optional.of(
        SpeedPlan.of(
            stages,
            new Traffic(
                question.options().parallel(),
                prompt,
                position,
                question.options().stepTokens(),
                question.options().kvType())));
  }

  private static Optional<DevicePaces> paces(ModelQuestion question, DeviceProfile device, int i) {
    return question.paces().isEmpty()
        ? DevicePaces.of(device, device != question.devices().machine().processor())
        : Optional.of(question.paces().get(i));
  }

  /** Whether one longest sequence has room. */
  public boolean fits() {
    return switch (memory.room()) {
      case FITS, FITS_WITH_LESS_CACHE -> true;
      case MAY_FIT, NO -> false;
    };
  }
}
