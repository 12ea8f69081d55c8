package io.solebox.engine.constrain.pattern;

import java.util.Arrays;

/** Collects the runs of a state in order; neighbours with one target become one run. */
final class StepBuilder {
  private int[] starts = new int[8];
  private int[] targets = new int[8];
  private int count;

  void add(int start, int target) {
    if (count > 0 && targets[count - 1] == target) {
      return;
    }
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, 2 * count);
      targets = Arrays.copyOf(targets, 2 * count);
    }
    starts[count] = start;
    targets[count++] = target;
  }

  Language.Step build(boolean accepting) {
    return new Language.Step(
        Arrays.copyOf(starts, count), Arrays.copyOf(targets, count), accepting);
  }
}
