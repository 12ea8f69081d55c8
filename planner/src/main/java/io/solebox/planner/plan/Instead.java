package io.solebox.planner.plan;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.error.SoleboxException;
import io.solebox.planner.memory.DeviceMemory;
import io.solebox.planner.memory.MemoryPlan;
import io.solebox.planner.model.PlannedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What would fit of a model that does not. */
final class Instead {
  private final ModelQuestion question;

  Instead(ModelQuestion question) {
    this.question = question;
  }

  /** Sentences; none where all fits. */
  List<String> of(MemoryPlan plan) {
    if (plan.room() == DeviceMemory.Room.FITS) {
      return List.of();
    }
    List<String> all = new ArrayList<>();
    shorter(plan, all);
    smallerCache(all);
    smallerFormat(all);
    if (all.isEmpty()) {
      all.add("Nothing smaller of it fits: take a smaller model, or more memory.");
    }
    return all;
  }

  private void shorter(MemoryPlan plan, List<String> all) {
    long context = plan.devices().stream().mapToLong(DeviceMemory::fittingContext).min().orElse(0);
    if (context > 0 && plan.room() != DeviceMemory.Room.FITS_WITH_LESS_CACHE) {
      all.add("With --context %d or less it fits.".formatted(context));
    }
    if (plan.room() == DeviceMemory.Room.FITS_WITH_LESS_CACHE) {
      all.add(
          "Not all %d clients have room for a longest sequence at once: they share what is there."
              .formatted(question.options().parallel()));
    }
  }

  private void smallerCache(List<String> all) {
    if (question.options().kvType() == KvType.Q8_0) {
      return;
    }
    try {
      ModelQuestion other = question.with(question.options().withKvType(KvType.Q8_0));
      if (other.memory().room() == DeviceMemory.Room.FITS) {
        all.add("With --kv-type q8_0 it fits.");
      }
    } catch (SoleboxException _) {
      // Its heads do not suit that type: then it is none of the ways.
    }
  }

  private void smallerFormat(List<String> all) {
    double now = question.model().outline().info().fileBytes();
    for (Map.Entry<String, PlannedModel.Formats> format : question.smaller().entrySet()) {
      PlannedModel other = question.model().in(format.getValue());
      boolean isSmaller = other.outline().info().fileBytes() < now;
      if (isSmaller && question.with(other).memory().room() == DeviceMemory.Room.FITS) {
        all.add("In %s it fits.".formatted(format.getKey()));
        return;
      }
    }
  }
}
