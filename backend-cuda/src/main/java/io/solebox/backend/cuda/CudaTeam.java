package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.engine.backend.LinkFigures;
import io.solebox.engine.backend.Plan;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.SideBySide;
import io.solebox.engine.backend.Team;
import io.solebox.engine.backend.TensorPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** GPUs that compute one graph together, and meet in a {@link CudaExchange} of each plan's. */
final class CudaTeam implements Team {
  /** Of sums in one shot, where nobody has measured the links. */
  private static final long ONE_SHOT_BYTES = 64L << 10;

  private final List<CudaBackend> members;
  private final PeerReach reach;

  CudaTeam(List<CudaBackend> members, PeerReach reach) {
    this.members = List.copyOf(members);
    this.reach = reach;
  }

  @Override
  public String describe() {
    return reach.describe();
  }

  @Override
  public Optional<LinkFigures> slowestLink() {
    return reach.slowest();
  }

  /**
   * Up to so many bytes a sum is faster in one shot: two take a latency more, and save bytes. One
   * sends {@code n - 1} times the sum's bytes, two {@code 2 (n - 1) / n} times.
   */
  static long oneShotBytes(int ranks, Optional<LinkFigures> link) {
    if (ranks == 2) {
      return Long.MAX_VALUE; // as many bytes either way
    }
    return link.map(
            l -> {
              double saved = (ranks - 1) * (1 - 2.0 / ranks); // of the sum's bytes
              return (long) (l.latencySeconds() * l.bytesPerSecond() / saved);
            })
        .orElse(ONE_SHOT_BYTES);
  }

  @Override
  public Plan prepare(List<Share> shares, Progress progress) {
    if (shares.size() != members.size()) {
      throw new IllegalArgumentException(shares.size() + " shares for " + members.size());
    }
    long most = 0;
    for (Share share : shares) {
      most = Math.max(most, SumRoom.of(share.graph(), share.limits()).slotBytes());
    }
    List<CudaThread> gpus = members.stream().map(CudaBackend::gpu).toList();
    members.forEach(CudaBackend::requireContext);
    long oneShot = oneShotBytes(members.size(), slowestLink());
    var exchange = new CudaExchange(gpus, reach, SumRoom.upTo(most), oneShot);
    try {
      var makers = new ArrayList<SideBySide.Maker>();
      for (int r = 0; r < shares.size(); r++) {
        CudaBackend member = members.get(r);
        Share share = shares.get(r);
        Seat seat = exchange.seat(r);
        makers.add(told -> member.prepare(share.graph(), share.limits(), told, seat));
      }
      return new TensorPlan(SideBySide.prepare(makers, progress), exchange);
    } catch (Throwable t) {
      exchange.close();
      throw t;
    }
  }
}
