package io.solebox.server.knowledge.vector;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** The best so many hits of those that were offered. */
final class Best {
  /** The best first; of equals the one that is older, which has the smaller id. */
  private static final Comparator<Hit> ORDER =
      Comparator.comparingDouble((Hit hit) -> -hit.score()).thenComparingLong(Hit::id);

  private final int most;
  private final PriorityQueue<Hit> worstFirst = new PriorityQueue<>(ORDER.reversed());

  /**
   * @param most at least 1
   */
  Best(int most) {
    this.most = most;
  }

  void offer(long id, float score) {
    if (worstFirst.size() < most) {
      worstFirst.add(new Hit(id, score));
      return;
    }
    Hit worst = worstFirst.element();
    if (score > worst.score() || (score == worst.score() && id < worst.id())) {
      worstFirst.remove();
      worstFirst.add(new Hit(id, score));
    }
  }

  void merge(Best other) {
    other.worstFirst.forEach(hit -> offer(hit.id(), hit.score()));
  }

  /** The best first. */
  List<Hit> hits() {
    List<Hit> hits = new ArrayList<>(worstFirst);
    hits.sort(ORDER);
    return List.copyOf(hits);
  }
}
