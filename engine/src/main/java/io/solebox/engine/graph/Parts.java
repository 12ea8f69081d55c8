package io.solebox.engine.graph;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How a row of equal units, as heads, is dealt out to the ranks of a cut graph.
 *
 * @param units in the row
 * @param ranges of units, one for each rank
 */
record Parts(int units, List<Range> ranges) {
  /** Neighbours. */
  record Range(int from, int count) {
    Range times(int size) {
      return new Range(from * size, count * size);
    }
  }

  /** As equal as whole units can be; what is over goes to the last ranks. */
  static Parts even(int units, int ranks) {
    return new Parts(
        units,
        IntStream.range(0, ranks)
            .mapToObj(
                r -> {
                  int from = at(units, r, ranks);
                  return new Range(from, at(units, r + 1, ranks) - from);
                })
            .toList());
  }

  private static int at(int units, int rank, int ranks) {
    return (int) ((long) units * rank / ranks);
  }

  /** The same, but ranks that are more than the units share each of them with others. */
  static Parts shared(int units, int ranks) {
    return units >= ranks
        ? even(units, ranks)
        : new Parts(
            units,
            IntStream.range(0, ranks).mapToObj(r -> new Range(at(units, r, ranks), 1)).toList());
  }

  /** Elements of a unit in a row of so many. */
  int size(int width) {
    return width / units;
  }

  /** The elements of a rank in a row of so many. */
  Range of(int rank, int width) {
    return ranges.get(rank).times(size(width));
  }
}
