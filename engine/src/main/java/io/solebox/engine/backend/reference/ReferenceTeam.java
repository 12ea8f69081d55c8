package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.TensorPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** As many threads as there are ranks. */
record ReferenceTeam(int ranks) implements Team {
  @Override
  public String describe() {
    return "in one memory";
  }

  @Override
  public Optional<LinkFigures> slowestLink() {
    return Optional.empty();
  }

  @Override
  public Plan prepare(List<Share> shares, Progress progress) {
    if (shares.size() != ranks) {
      throw new IllegalArgumentException(shares.size() + " shares for " + ranks + " ranks");
    }
    var exchange = new ReferenceExchange(ranks);
    var plans = new ArrayList<Plan>();
    for (Share share : shares) {
      var seat = exchange.seat(plans.size());
      plans.add(new ReferenceBackend().prepare(share.graph(), share.limits(), progress, seat));
    }
    return new TensorPlan(plans, exchange);
  }
}
