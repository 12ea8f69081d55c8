package io.solebox.planner.plan;

import io.solebox.engine.api.LoadOptions;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.model.PlannedModel;
import io.solebox.planner.speed.Paces;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is asked of a machine for a model.
 *
 * @param devices of the machine
 * @param options with which it would be loaded
 * @param prompt tokens of a question
 * @param wished tokens a second for one client
 * @param paces of the devices
 * @param smaller formats to fall back to, from the largest to the smallest, by name
 */
public record ModelQuestion(
    PlannedModel model,
    MemoryPlan.Devices devices,
    LoadOptions options,
    int prompt,
    OptionalDouble wished,
    Paces paces,
    Map<String, PlannedModel.Formats> smaller) {
  ModelQuestion with(PlannedModel other) {
    return new ModelQuestion(other, devices, options, prompt, wished, paces, smaller);
  }

  ModelQuestion with(LoadOptions other) {
    return new ModelQuestion(model, devices, other, prompt, wished, paces, smaller);
  }

  MemoryPlan memory() {
    return MemoryPlan.of(model, devices, options);
  }
}
