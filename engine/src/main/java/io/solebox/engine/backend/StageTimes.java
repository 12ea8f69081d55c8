package io.solebox.engine.backend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What each stage takes for the next ids of so many sequences, as measured, and so in how many
 * steps under way all of them come soonest. A stage that only reads its weights takes as long for
 * half of them, and then one step for all is best; where the time is that of each sequence's keys
 * and values, or of products, stages had better share it. What is not known is taken to be as it
 * would be best, so that it is tried, and what was not seen for long is not known any more. Safe
 * for several threads.
 */
final class StageTimes {
  /** Weight of a new time among those of its size, at least. */
  private static final double NEW = 1.0 / 8;

  /** Steps after which a size that did not come up is unknown again: contexts change. */
  private static final int LIFE = 1000;

  /** How much sooner it must be in more steps. */
  private static final double GAIN = 0.95;

  private static final class Time {
    private double nanos;
    private int steps;
    private long last;
  }

  private final List<TreeMap<Integer, Time>> ofStages = new ArrayList<>(); // by sequences
  private long all;

  StageTimes(int stages) {
    for (int i = 0; i < stages; i++) {
      ofStages.add(new TreeMap<>());
    }
  }

  /** A stage took so long for one id of each of so many sequences. */
  synchronized void ran(int stage, int sequences, long nanos) {
    all += stage == 0 ? 1 : 0;
    Map<Integer, Time> times = ofStages.get(stage);
    times.values().removeIf(time -> all - time.last > LIFE);
    Time time = times.computeIfAbsent(sequences, _ -> new Time());
    if (time.steps > 0) { // the first may have waited for a compiler
      time.nanos += Math.max(NEW, 1.0 / time.steps) * (nanos - time.nanos);
    }
    time.steps++;
    time.last = all;
  }

  /** In how many steps the next ids of all of so many sequences come soonest. */
  synchronized int steps(int sequences) {
    int best = 1;
    double least = round(sequences, 1);
    for (int steps = 2; steps <= Math.min(ofStages.size(), sequences); steps++) {
      double round = round(sequences, steps);
      if (round < GAIN * least) {
        best = steps;
        least = round;
      }
    }
    return best;
  }

  /** Until all have their next id: a step must pass all stages, and a stage all steps. */
  private double round(int sequences, int steps) {
    int each = Math.ceilDiv(sequences, steps);
    double sum = 0;
    double longest = 0;
    for (TreeMap<Integer, Time> times : ofStages) {
      double nanos = nanos(times, each);
      sum += nanos;
      longest = Math.max(longest, nanos);
    }
    return Math.max(sum, steps * longest);
  }

  private static double nanos(TreeMap<Integer, Time> times, int sequences) {
    var below = known(times.headMap(sequences, true).descendingMap());
    var above = known(times.tailMap(sequences, true));
    if (below.isEmpty() && above.isEmpty()) {
      return 0;
    }
    if (above.isEmpty()) {
      return below.getFirst().getValue().nanos;
    }
    double more = above.getFirst().getValue().nanos;
    int size = above.getFirst().getKey();
    if (below.isEmpty()) {
      return more * sequences / size;
    }
    double less = below.getFirst().getValue().nanos;
    int from = below.getFirst().getKey();
    return size == from ? less : less + (more - less) * (sequences - from) / (size - from);
  }

  /** The first whose time is known, or none. */
  private static List<Map.Entry<Integer, Time>> known(Map<Integer, Time> times) {
    return times.entrySet().stream().filter(e -> e.getValue().steps > 1).limit(1).toList();
  }
}
