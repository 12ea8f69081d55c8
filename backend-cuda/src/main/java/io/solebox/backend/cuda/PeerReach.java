package io.solebox.backend.cuda;

import io.solebox.engine.backend.LinkFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The ways between the cards of a team, as they were tried. */
final class PeerReach implements CudaExchange.Reach {
  private final List<Peers> gpus;
  private List<List<PeerWay>> ways = List.of(); // from, to; none from a card to itself

  PeerReach(List<Peers> gpus) {
    this.gpus = List.copyOf(gpus);
    open();
  }

  @Override
  public synchronized void open() {
    List<List<PeerWay>> found = new ArrayList<>();
    for (Peers from : gpus) {
      found.add(gpus.stream().filter(to -> to != from).map(from::to).toList());
    }
    ways = found;
  }

  @Override
  public synchronized boolean reaches(int from, int to) {
    return ways.get(from).get(to < from ? to : to - 1) instanceof PeerWay.Direct;
  }

  private synchronized List<PeerWay> all() {
    return ways.stream().flatMap(List::stream).toList();
  }

  String describe() {
    long direct = all().stream().filter(way -> way instanceof PeerWay.Direct).count();
    if (direct == all().size()) {
      return "over peer memory";
    }
    return direct == 0
        ? "through host memory"
        : "over peer memory from %d of %d to another, else through host memory"
            .formatted(direct, all().size());
  }

  /** The least bandwidth and the longest latency of all; empty where any is not known. */
  Optional<LinkFigures> slowest() {
    List<LinkFigures> figures = all().stream().flatMap(way -> way.figures().stream()).toList();
    return figures.size() < all().size()
        ? Optional.empty()
        : figures.stream().reduce(PeerReach::slower);
  }

  private static LinkFigures slower(LinkFigures a, LinkFigures b) {
    return new LinkFigures(
        Math.min(a.bytesPerSecond(), b.bytesPerSecond()),
        Math.max(a.latencySeconds(), b.latencySeconds()),
        a.origin());
  }
}
