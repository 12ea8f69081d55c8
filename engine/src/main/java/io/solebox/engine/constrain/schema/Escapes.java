package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Automaton.Edge;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Characters of one state as four hexadecimal digits, or as a pair of such escapes. Digits are
 * tried only as far as characters differ behind them.
 */
final class Escapes {
  private static final int NONE = -1;
  private static final int PLANE = 0x1_0000;
  private static final int FIRST_HIGH = 0xd800;
  private static final int FIRST_LOW = 0xdc00;
  private static final int BEHIND_HALVES = 0xe000;

  /** Second halves of pairs. */
  private static final int HALVES = 0x400;

  private static final List<CodePointSet> HEX =
      IntStream.range(0, 16).mapToObj(Escapes::hex).toList();
  private static final CodePointSet ANY_HEX =
      HEX.stream().reduce(CodePointSet.NONE, CodePointSet::union);

  /** Makes states, one for the same edges. */
  @FunctionalInterface
  interface States {
    int state(List<Edge> edges);
  }

  private final States states;

  /** First code points of runs, and the state that each leads to. */
  private final int[] starts;

  private final int[] targets;

  /** By digits left and target: any digits lead there. */
  private final Map<Long, Integer> free = new HashMap<>();

  private final Map<Integer, Integer> freePairs = new HashMap<>();

  Escapes(States states, List<Edge> characters) {
    this.states = states;
    this.starts =
        Stream.concat(
                Stream.of(new int[] {0, PLANE}),
                characters.stream().map(edge -> edge.on().bounds()))
            .flatMapToInt(Arrays::stream)
            .sorted()
            .distinct()
            .toArray();
    this.targets = new int[starts.length];
    Arrays.fill(targets, NONE);
    for (Edge edge : characters) {
      int[] ranges = edge.on().bounds();
      for (int i = 0; i < ranges.length; i += 2) {
        for (int run = Arrays.binarySearch(starts, ranges[i]);
            run < starts.length && starts[run] < ranges[i + 1];
            run++) {
          targets[run] = edge.to();
        }
      }
    }
  }

  /** The edges of the first digit; none if there are no characters. */
  List<Edge> digits() {
    return Arrays.stream(targets).allMatch(to -> to == NONE) ? List.of() : edges(4, 0, 0);
  }

  /** The run that code points are in. */
  private int run(int codePoint) {
    int found = Arrays.binarySearch(starts, codePoint);
    return found >= 0 ? found : -found - 2;
  }

  private boolean isOneRun(int run, int end) {
    return run + 1 == starts.length || starts[run + 1] >= end;
  }

  /**
   * Digits that are left for the code units, or for the second halves, from {@code first} on.
   *
   * @param from the least first digit
   */
  private List<Edge> edges(int left, int first, int from) {
    Map<Integer, CodePointSet> on = new LinkedHashMap<>();
    int span = 1 << (4 * (left - 1));
    for (int digit = from; digit < 16; digit++) {
      int to = target(left - 1, first + (digit - from) * span);
      if (to != NONE) {
        on.merge(to, HEX.get(digit), CodePointSet::union);
      }
    }
    List<Edge> edges = new ArrayList<>();
    on.forEach((to, digits) -> edges.add(new Edge(digits, to)));
    return edges;
  }

  private static CodePointSet hex(int digit) {
    char c = Character.forDigit(digit, 16);
    return CodePointSet.of(c).union(CodePointSet.of(Character.toUpperCase(c)));
  }

  /** Where the digits so far lead, if {@code left} are still to come. */
  private int target(int left, int first) {
    int end = first + (1 << (4 * left));
    boolean high = first >= FIRST_HIGH && end <= FIRST_LOW;
    if (first >= FIRST_LOW && end <= BEHIND_HALVES) {
      return NONE; // second halves, which nothing begins with
    }
    if (high) {
      int run = run(pairs(first));
      if (isOneRun(run, pairs(end))) {
        return targets[run] == NONE ? NONE : freely(left, freePair(targets[run]));
      }
    } else if (end <= FIRST_HIGH || first >= BEHIND_HALVES) {
      int run = run(first);
      if (isOneRun(run, end)) {
        return targets[run] == NONE ? NONE : freely(left, targets[run]);
      }
    }
    if (left == 0) {
      return pair(edges(3, pairs(first), 12));
    }
    List<Edge> edges = edges(left, first, 0);
    return edges.isEmpty() ? NONE : states.state(edges);
  }

  /** The first code point that a first half stands for. */
  private static int pairs(int high) {
    return PLANE + (high - FIRST_HIGH) * HALVES;
  }

  private int freely(int left, int to) {
    if (left == 0) {
      return to;
    }
    Integer known = free.get((long) left << 32 | to);
    if (known == null) {
      known = states.state(List.of(new Edge(ANY_HEX, freely(left - 1, to))));
      free.put((long) left << 32 | to, known);
    }
    return known;
  }

  /** What follows a first half of which any second half leads to one state. */
  private int freePair(int to) {
    Integer known = freePairs.get(to);
    if (known == null) {
      CodePointSet fromC =
          IntStream.range(12, 16).mapToObj(HEX::get).reduce(CodePointSet.NONE, CodePointSet::union);
      known = pair(List.of(new Edge(fromC, freely(2, to))));
      freePairs.put(to, known);
    }
    return known;
  }

  /**
   * What follows a first half.
   *
   * @param digits behind the first one of the second half
   */
  private int pair(List<Edge> digits) {
    int d = states.state(List.of(new Edge(HEX.get(13), states.state(digits))));
    int u = states.state(List.of(new Edge(CodePointSet.of('u'), d)));
    return states.state(List.of(new Edge(CodePointSet.of('\\'), u)));
  }
}
