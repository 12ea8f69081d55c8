package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import io.solebox.engine.constrain.pattern.LanguageBuilder.Free;
import io.solebox.engine.constrain.pattern.LanguageBuilder.When;
import io.solebox.engine.regex.CodePointSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The subset construction. */
final class Determinization {
  private static final long MEMBER_WEIGHT = 8;

  private final LanguageBuilder nfa;
  private final int end;

  /** First code points of runs that no set of the automaton divides, and the class of each. */
  private final int[] runs;

  private final int[] classOfRun;

  /** By state. */
  private final List<List<Move>> moves = new ArrayList<>();

  private final int numClasses;

  private final List<BitSet> subsets = new ArrayList<>();
  private final Map<BitSet, Integer> numbers = new HashMap<>();
  private final Budget budget;

  Determinization(LanguageBuilder nfa, int end, Budget budget) {
    this.nfa = nfa;
    this.end = end;
    this.budget = budget;
    Set<CodePointSet> sets = new LinkedHashSet<>();
    for (int state = 0; state < nfa.size(); state++) {
      nfa.readings(state).forEach(reading -> sets.add(reading.set()));
    }
    TreeSet<Integer> bounds = new TreeSet<>(Set.of(0));
    sets.forEach(set -> Arrays.stream(set.bounds()).forEach(bounds::add));
    bounds.remove(CodePointSet.LIMIT);
    this.runs = bounds.stream().mapToInt(Integer::intValue).toArray();
    this.classOfRun = new int[runs.length];
    Map<CodePointSet, BitSet> classesOf = new HashMap<>();
    this.numClasses = classify(List.copyOf(sets), classesOf);
    Map<CodePointSet, int[]> listed = new HashMap<>();
    classesOf.forEach((set, classes) -> listed.put(set, classes.stream().toArray()));
    for (int state = 0; state < nfa.size(); state++) {
      moves.add(
          nfa.readings(state).stream()
              .map(reading -> new Move(listed.get(reading.set()), reading.to()))
              .toList());
    }
  }

  /**
   * @param on classes of characters
   */
  private record Move(int[] on, int to) {}

  /** Fills in the classes of each set; how many there are. */
  private int classify(List<CodePointSet> sets, Map<CodePointSet, BitSet> classesOf) {
    BitSet[] members = new BitSet[runs.length];
    Arrays.setAll(members, _ -> new BitSet());
    for (int i = 0; i < sets.size(); i++) {
      int[] bounds = sets.get(i).bounds();
      for (int b = 0; b < bounds.length; b += 2) {
        for (int run = Arrays.binarySearch(runs, bounds[b]);
            run < runs.length && runs[run] < bounds[b + 1];
            run++) {
          budget.spend(1);
          members[run].set(i);
        }
      }
    }
    Map<BitSet, Integer> classes = new HashMap<>();
    for (int run = 0; run < runs.length; run++) {
      classOfRun[run] = classes.computeIfAbsent(members[run], _ -> classes.size());
    }
    classes.forEach(
        (sources, number) ->
            sources.stream()
                .forEach(
                    i -> classesOf.computeIfAbsent(sets.get(i), _ -> new BitSet()).set(number)));
    return classes.size();
  }

  Language run() {
    BitSet first = new BitSet();
    first.set(0);
    subsets.add(closure(first, Set.of(When.ALWAYS, When.AT_START)));
    List<Step> steps = new ArrayList<>();
    for (int at = 0; at < subsets.size(); at++) {
      Set<When> here =
          at == 0
              ? Set.of(When.ALWAYS, When.AT_START, When.AT_END)
              : Set.of(When.ALWAYS, When.AT_END);
      boolean accepting = closure(subsets.get(at), here).get(end);
      steps.add(step(subsets.get(at), accepting));
    }
    return Language.of(steps, budget);
  }

  private BitSet closure(BitSet of, Set<When> allowed) {
    BitSet all = (BitSet) of.clone();
    int[] stack = of.stream().toArray();
    int depth = stack.length;
    while (depth > 0) {
      for (Free edge : nfa.free(stack[--depth])) {
        if (allowed.contains(edge.when()) && !all.get(edge.to())) {
          all.set(edge.to());
          stack = depth == stack.length ? Arrays.copyOf(stack, 2 * depth + 8) : stack;
          stack[depth++] = edge.to();
        }
      }
    }
    budget.spend(MEMBER_WEIGHT * (all.cardinality() + all.size() / 64));
    return all;
  }

  private Step step(BitSet subset, boolean accepting) {
    BitSet[] next = new BitSet[numClasses];
    subset.stream()
        .forEach(
            state -> {
              for (Move move : moves.get(state)) {
                budget.spend(1 + move.on.length);
                for (int c : move.on) {
                  next[c] = next[c] == null ? new BitSet() : next[c];
                  next[c].set(move.to);
                }
              }
            });
    budget.spend(numClasses + runs.length);
    int[] targets = new int[numClasses];
    for (int c = 0; c < numClasses; c++) {
      targets[c] = next[c] == null ? Language.DEAD : number(next[c]);
    }
    StepBuilder step = new StepBuilder();
    for (int run = 0; run < runs.length; run++) {
      step.add(runs[run], targets[classOfRun[run]]);
    }
    return step.build(accepting);
  }

  private int number(BitSet reached) {
    BitSet subset = closure(reached, Set.of(When.ALWAYS));
    Integer known = numbers.get(subset);
    if (known == null) {
      known = subsets.size();
      Language.checkSize(known);
      numbers.put(subset, known);
      subsets.add(subset);
    }
    return known;
  }
}
