package io.solebox.engine.constrain.pattern;

import io.solebox.engine.constrain.pattern.Language.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Groups of states that lead to each other in circles (Tarjan's strongly connected components),
 * each behind those that it leads to. Without recursion, because chains of states are long.
 */
final class Circles {
  private static final int NEW = -1;

  private final List<Step> steps;
  private final int[] index;
  private final int[] low;
  private final boolean[] open;
  private final List<Group> groups = new ArrayList<>();

  /** States that are on no finished group yet. */
  private final int[] stack;

  private int depth;
  private int count;

  record Group(int[] states) {}

  private Circles(List<Step> steps) {
    this.steps = steps;
    this.index = new int[steps.size()];
    this.low = new int[steps.size()];
    this.open = new boolean[steps.size()];
    this.stack = new int[steps.size()];
    Arrays.fill(index, NEW);
  }

  static List<Group> of(List<Step> steps) {
    Circles circles = new Circles(steps);
    for (int state = 0; state < steps.size(); state++) {
      if (circles.index[state] == NEW) {
        circles.visit(state);
      }
    }
    return circles.groups;
  }

  private void visit(int root) {
    int[] path = new int[steps.size()];
    int[] next = new int[steps.size()];
    int length = 0;
    path[length++] = root;
    enter(root);
    while (length > 0) {
      int state = path[length - 1];
      int[] targets = steps.get(state).targets();
      if (next[state] < targets.length) {
        int to = targets[next[state]++];
        if (to != Language.DEAD && index[to] == NEW) {
          enter(to);
          path[length++] = to;
        } else if (to != Language.DEAD && open[to]) {
          low[state] = Math.min(low[state], index[to]);
        }
        continue;
      }
      length--;
      if (length > 0) {
        low[path[length - 1]] = Math.min(low[path[length - 1]], low[state]);
      }
      if (low[state] == index[state]) {
        close(state);
      }
    }
  }

  private void enter(int state) {
    index[state] = count;
    low[state] = count++;
    open[state] = true;
    stack[depth++] = state;
  }

  private void close(int first) {
    int end = depth;
    do {
      open[stack[--depth]] = false;
    } while (stack[depth] != first);
    groups.add(new Group(Arrays.copyOfRange(stack, depth, end)));
  }
}
