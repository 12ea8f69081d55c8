package io.solebox.engine.api;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.Teaming;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelOutline;
import java.util.List;
import java.util.OptionalLong;

/**
 * Devices that are asked what models would take of them, and never to load one: they need not be
 * here. The computation is that of a load.
 */
public final class PlannedDevices {
  private final Placement.Policy policy;
  private final MemoryLedger host;

  private PlannedDevices(Placement.Policy policy, MemoryLedger host) {
    this.policy = policy;
    this.host = host;
  }

  /**
   * @param devices that share each model by layers; at least one
   * @param shares of the layers, one for each device; none for shares as their memories are fast
   * @param host memory of the machine
   */
  public static PlannedDevices of(
      List<OpenDevice> devices, List<Integer> shares, MemoryLedger host) {
    return new PlannedDevices(Devices.policy(devices, shares), host);
  }

  /**
   * @param devices that have a part of every layer each, at least two
   * @param team of them; it prepares nothing
   * @param host memory of the machine
   */
  public static PlannedDevices ranks(List<OpenDevice> devices, Team team, MemoryLedger host) {
    return new PlannedDevices(TensorSplit.of(devices, _ -> new Teaming.Together(team)), host);
  }

  /**
   * Which part of a model would be on which device, with weights in formats that it has kernels
   * for.
   *
   * @throws SoleboxException as {@link Placement.Policy#place} says
   */
  public Placement place(ModelOutline model, LoadOptions options) {
    return place(model, WishedLimits.of(model, options));
  }

  private Placement place(ModelOutline model, Limits limits) {
    return policy
        .place(model.graph().forContext(limits.maxSequenceTokens()), limits)
        .transcoded(limits.activations());
  }

  /** As {@link LoadableModel#estimate()}, of a model whose files are mapped. */
  public LoadEstimate estimate(ModelOutline model, LoadOptions options) {
    Limits limits = WishedLimits.of(model, options);
    return new LoadPlan(place(model, limits), limits, OptionalLong.empty(), options.spill(), host)
        .estimate();
  }
}
