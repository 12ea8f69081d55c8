package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.grammar.Automaton.Edge;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Characters of one state as four hexadecimal digits, or as a pair of such escapes. */
final class Escapes {
  private static final int NONE = -1;
  private static final int PLANE = 0x1_0000;

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
    TreeSet<Integer> bounds = new TreeSet<>(List.of(0, PLANE));
    characters.forEach(edge -> Arrays.stream(edge.on().bounds()).forEach(bounds::add));
    this.starts = bounds.stream().mapToInt(Integer::intValue).toArray();
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

  private int run(int codePoint) {
    int found = Arrays.binarySearch(starts, codePoint);
    return found >= 0 ? found : -found - 2;
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
        on.merge(to, hex(digit), CodePointSet::union);
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
    boolean halves = first < 0xe000 && end > 0xd800;
    int run = run(first);
    if (!halves && (run + 1 == starts.length || starts[run + 1] >= end)) {
      return targets[run] == NONE ? NONE : freely(left, targets[run]);
    }
    if (left == 0) {
      return first < 0xdc00 ? pair(first) : NONE;
    }
    List<Edge> edges = edges(left, first, 0);
    return edges.isEmpty() ? NONE : states.state(edges);
  }

  private int freely(int left, int to) {
    if (left == 0) {
      return to;
    }
    Integer known = free.get((long) left << 32 | to);
    if (known == null) {
      known = states.state(List.of(new Edge(anyHex(), freely(left - 1, to))));
      free.put((long) left << 32 | to, known);
    }
    return known;
  }

  private static CodePointSet anyHex() {
    return CodePointSet.range('0', '9')
        .union(CodePointSet.range('a', 'f'))
        .union(CodePointSet.range('A', 'F'));
  }

  /** What follows the first half of a pair. */
  private int pair(int high) {
    int first = Character.toCodePoint((char) high, '\udc00');
    int run = run(first);
    boolean free = run + 1 == starts.length || starts[run + 1] >= first + 0x400;
    if (free && targets[run] == NONE) {
      return NONE;
    }
    if (free && freePairs.containsKey(targets[run])) {
      return freePairs.get(targets[run]);
    }
    List<Edge> low = edges(3, first, 12);
    if (low.isEmpty()) {
      return NONE;
    }
    int digits = states.state(low);
    int d = states.state(List.of(new Edge(hex(13), digits)));
    int u = states.state(List.of(new Edge(CodePointSet.of('u'), d)));
    int pair = states.state(List.of(new Edge(CodePointSet.of('\\'), u)));
    if (free) {
      freePairs.put(targets[run], pair);
    }
    return pair;
  }
}
