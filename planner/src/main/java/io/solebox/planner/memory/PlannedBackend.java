package io.solebox.planner.memory;

import io.solebox.engine.backend.Activations;
import io.solebox.engine.backend.Backend;
import io.solebox.engine.backend.Estimate;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Sizing;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.machine.DeviceProfile;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A device that is not here: it says what plans would take, and makes none.
 *
 * @param number of it among those that compute, from 0: equal cards differ by it alone
 */
record PlannedBackend(DeviceProfile device, int number, Sizing sizing) implements Backend {
  @Override
  public String describe() {
    return device.name();
  }

  @Override
  public OptionalDouble nominalBandwidth() {
    return device.bandwidth().stream().mapToDouble(rate -> rate.range().middle()).findFirst();
  }

  @Override
  public Set<TensorType> computes(Activations activations) {
    return sizing.computes(activations);
  }

  @Override
  public Set<TensorType> embeds() {
    return sizing.embeds();
  }

  @Override
  public Estimate estimate(Graph graph, Limits limits) {
    return sizing.estimate(graph, limits);
  }

  @Override
  public Plan prepare(Graph graph, Limits limits, Progress progress) {
    throw new UnsupportedOperationException(device.name() + " is planned and not here");
  }

  @Override
  public void close() {
    // There is nothing to give back.
  }
}
