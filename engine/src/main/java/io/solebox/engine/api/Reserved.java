package io.solebox.engine.api;

import io.solebox.engine.api.Placement.Form;
import io.solebox.engine.api.Placement.Stage;
import io.solebox.engine.backend.Limits;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.SideBySide;
import io.solebox.engine.backend.StagedPlan;
import io.solebox.engine.backend.Team;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory that a model has on its devices, from before it takes it until it is closed.
 *
 * @param limits with the KV cache that it gets
 * @param holdings one for each stage, and others behind them
 */
record Reserved(Placement placement, Limits limits, List<MemoryLedger.Holding> holdings)
    implements AutoCloseable {

  /** Takes what was reserved, on every device. */
  Plan prepare(Progress progress) {
    return switch (placement.form()) {
      case Form.Layers _ -> prepareLayers(progress);
      case Form.Ranks(Team team) -> team.prepare(shares(), progress);
    };
  }

  private List<Team.Share> shares() {
    var shares = new ArrayList<Team.Share>();
    for (Stage stage : placement.stages()) {
      long bytes = holdings.get(shares.size()).use().total();
      shares.add(new Team.Share(stage.graph(), limits.withMemoryBudget(bytes)));
    }
    return shares;
  }

  private Plan prepareLayers(Progress progress) {
    var makers = new ArrayList<SideBySide.Maker>();
    for (Stage stage : placement.stages()) {
      Limits own = limits.withMemoryBudget(holdings.get(makers.size()).use().total());
      makers.add(told -> stage.device().backend().prepare(stage.graph(), own, told));
    }
    List<Plan> plans = SideBySide.prepare(makers, progress);
    try {
      return plans.size() == 1
          ? plans.getFirst()
          : new StagedPlan(plans, placement.graph(), limits.maxStepTokens());
    } catch (RuntimeException | Error e) {
      plans.forEach(Plan::close);
      throw e;
    }
  }

  /** The same memory, and the same cut, for the graph of another reading of the same file. */
  Reserved of(Graph other, LoadOptions options) {
    Placement same = placement.of(other).transcoded(options.activations());
    return new Reserved(same, limits, holdings);
  }

  @Override
  public void close() {
    holdings.forEach(MemoryLedger.Holding::close);
  }
}
