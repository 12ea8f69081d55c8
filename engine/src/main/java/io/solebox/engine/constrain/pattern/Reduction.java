package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes automata smaller without changing what they accept. */
final class Reduction {
  /** Stands for the state itself where states are compared. */
  private static final int SELF = -2;

  /** States looked at; beyond it an automaton stays larger than it needs to be. */
  private static final long MAX_WORK = 300_000;

  private Reduction() {}

  /** Without states from which no text ends, or that are never reached; none for the empty set. */
  static List<Step> trimmed(List<Step> steps) {
    boolean[] live = live(steps);
    if (!live[0]) {
      return List.of();
    }
    int[] number = new int[steps.size()];
    Arrays.fill(number, Language.DEAD);
    List<Integer> order = new ArrayList<>();
    order.add(0);
    number[0] = 0;
    for (int at = 0; at < order.size(); at++) {
      for (int to : steps.get(order.get(at)).targets()) {
        if (to != Language.DEAD && live[to] && number[to] == Language.DEAD) {
          number[to] = order.size();
          order.add(to);
        }
      }
    }
    return order.stream().map(old -> renumbered(steps.get(old), number)).toList();
  }

  private static boolean[] live(List<Step> steps) {
    int[] heads = new int[steps.size()];
    Arrays.fill(heads, -1);
    int edges = steps.stream().mapToInt(step -> step.targets().length).sum();
    int[] from = new int[edges];
    int[] next = new int[edges];
    int count = 0;
    for (int state = 0; state < steps.size(); state++) {
      for (int to : steps.get(state).targets()) {
        if (to != Language.DEAD) {
          from[count] = state;
          next[count] = heads[to];
          heads[to] = count++;
        }
      }
    }
    boolean[] live = new boolean[steps.size()];
    int[] stack = new int[steps.size()];
    int depth = 0;
    for (int state = 0; state < steps.size(); state++) {
      if (steps.get(state).accepting()) {
        live[state] = true;
        stack[depth++] = state;
      }
    }
    while (depth > 0) {
      for (int edge = heads[stack[--depth]]; edge >= 0; edge = next[edge]) {
        if (!live[from[edge]]) {
          live[from[edge]] = true;
          stack[depth++] = from[edge];
        }
      }
    }
    return live;
  }

  static Step renumbered(Step step, int[] number) {
    StepBuilder builder = new StepBuilder();
    for (int i = 0; i < step.starts().length; i++) {
      int to = step.targets()[i];
      builder.add(step.starts()[i], to == Language.DEAD ? Language.DEAD : number[to]);
    }
    return builder.build(step.accepting());
  }

  /**
   * With equal states merged, as far as that is cheap: always where no two states lead to each
   * other in a circle.
   */
  static List<Step> reduced(List<Step> steps, Budget budget) {
    List<Circles.Group> groups = Circles.of(steps);
    List<Step> folded = folded(steps, groups);
    boolean chains = groups.stream().allMatch(group -> group.states().length == 1);
    return chains ? folded : minimized(folded, budget);
  }

  /** Moore's algorithm: states are told apart by what they lead to, until nothing changes. */
  private static List<Step> minimized(List<Step> steps, Budget budget) {
    int[] classes = new int[steps.size()];
    for (int state = 0; state < classes.length; state++) {
      classes[state] = steps.get(state).accepting() ? 1 : 0;
    }
    int count = 0;
    for (long work = 0; work <= MAX_WORK; work += classes.length) {
      budget.spend(Language.weight(steps));
      Map<Step, Integer> seen = new HashMap<>();
      int[] finer = new int[classes.length];
      for (int state = 0; state < finer.length; state++) {
        Step signature = renumbered(steps.get(state), classes);
        finer[state] = seen.computeIfAbsent(signature, _ -> seen.size());
      }
      if (seen.size() == count) {
        return merged(steps, finer, count);
      }
      count = seen.size();
      classes = finer;
    }
    return steps;
  }

  /** Class 0 is that of the first state, because classes are numbered as they are met. */
  private static List<Step> merged(List<Step> steps, int[] classes, int count) {
    Step[] out = new Step[count];
    for (int state = steps.size() - 1; state >= 0; state--) {
      out[classes[state]] = renumbered(steps.get(state), classes);
    }
    return List.of(out);
  }

  /**
   * Merges states that lead to the same ones, from the end, in one pass; those that lead to each
   * other in circles stay as they are.
   */
  private static List<Step> folded(List<Step> steps, List<Circles.Group> groups) {
    Map<Step, Integer> seen = new HashMap<>();
    int[] kept = new int[steps.size()];
    List<Step> out = new ArrayList<>(steps);
    Arrays.setAll(kept, state -> state);
    for (Circles.Group group : groups) {
      if (group.states().length == 1) {
        int state = group.states()[0];
        kept[state] = SELF;
        Integer same = seen.putIfAbsent(renumbered(steps.get(state), kept), state);
        kept[state] = same == null ? state : same;
      }
      for (int state : group.states()) {
        out.set(state, renumbered(steps.get(state), kept));
      }
    }
    return trimmed(out);
  }
}
