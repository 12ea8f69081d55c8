package io.solebox.planner.plan;

import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.SplitTimes;
import io.solebox.planner.machine.DeviceProfile;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.speed.CardLink;
import io.solebox.planner.speed.DevicePaces;
import io.solebox.planner.speed.Layout;
import io.solebox.planner.speed.SpeedPlan;
import io.solebox.planner.speed.Stage;
import io.solebox.planner.speed.Traffic;
import io.solebox.planner.work.StepWork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Speeds of a question's model, as it is placed.
 *
 * @param prompt tokens of a question, as far as a sequence holds them
 */
record Speeds(ModelQuestion question, int prompt) {
  /**
   * By layers.
   *
   * @param position of the tokens that are made
   * @return empty for a model that gives no answers, and where the bandwidth of a memory is not
   *     known
   */
  Optional<SpeedPlan> byLayers(MemoryPlan memory, int position) {
    return stages(memory).map(stages -> SpeedPlan.of(new Layout.Layers(stages), traffic(position)));
  }

  /** Inside the layers, with what is added up over a link. */
  Optional<SpeedPlan> byRanks(
      MemoryPlan memory, SplitTimes.Work work, CardLink link, int position) {
    return stages(memory)
        .map(
            stages ->
                SpeedPlan.of(
                    new Layout.Ranks(stages, work.sums(), work.sumBytes(), link),
                    traffic(position)));
  }

  private Optional<List<Stage>> stages(MemoryPlan memory) {
    if (question.model().outline().graph().logits().isEmpty()) {
      return Optional.empty();
    }
    List<Stage> stages = new ArrayList<>();
    for (Placement.Stage stage : memory.placement().stages()) {
      paces(stage).ifPresent(paces -> stages.add(new Stage(paces, StepWork.of(stage.graph()))));
    }
    return Optional.of(stages).filter(known -> known.size() == memory.placement().stages().size());
  }

  private Optional<DevicePaces> paces(Placement.Stage stage) {
    DeviceProfile device = MemoryPlan.device(stage);
    boolean isCard = device != question.devices().machine().processor();
    return question.paces().of(device, isCard, MemoryPlan.number(stage));
  }

  private Traffic traffic(int position) {
    return new Traffic(
        question.options().parallel(),
        prompt,
        position,
        question.options().stepTokens(),
        question.options().kvType());
  }
}
