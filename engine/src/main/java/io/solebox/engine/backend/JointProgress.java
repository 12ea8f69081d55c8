package io.solebox.engine.backend;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How far several are that go through the same stages at the same time: the stage is that of the
 * one furthest behind, in the order in which stages were first heard of, and never goes back.
 */
final class JointProgress {
  private static final int NOT_BEGUN = 0;

  private final List<String> stages = new ArrayList<>();
  private final int[] reached; // by place, the number of a stage
  private final double[] fractions;

  JointProgress(int count) {
    reached = new int[count];
    fractions = new double[count];
  }

  void reports(int place, String stage, double fraction) {
    if (!stages.contains(stage)) {
      stages.add(stage);
    }
    int number = stages.indexOf(stage);
    if (number >= reached[place]) {
      reached[place] = number;
      fractions[place] = fraction;
    }
  }

  void ends(int place) {
    reached[place] = Integer.MAX_VALUE;
  }

  private int behind() {
    int last = Math.max(NOT_BEGUN, stages.size() - 1);
    return Math.min(last, Arrays.stream(reached).min().orElseThrow());
  }

  /** Empty before anything was heard of. */
  String stage() {
    return stages.isEmpty() ? "" : stages.get(behind());
  }

  /** Of that stage, over all: who is further has done it. */
  double fraction() {
    int stage = behind();
    double sum = 0;
    for (int i = 0; i < reached.length; i++) {
      sum += reached[i] > stage ? 1 : fractions[i];
    }
    return sum / reached.length;
  }
}
