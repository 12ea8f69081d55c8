package io.solebox.planner.memory;

import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Team;
import java.util.List;
import java.util.Optional;

/** Cards that are not here and would compute every layer together. */
record PlannedTeam() implements Team {
  @Override
  public String describe() {
    return "over links that are planned";
  }

  @Override
  public Optional<LinkFigures> slowestLink() {
    return Optional.empty();
  }

  @Override
  public Plan prepare(List<Share> shares, Progress progress) {
    throw new UnsupportedOperationException("these cards are planned and not here");
  }
}
