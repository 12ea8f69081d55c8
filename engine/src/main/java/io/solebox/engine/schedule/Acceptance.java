package io.solebox.engine.schedule;

import io.solebox.engine.draft.Drafter;
import java.util.Arrays;

/** How often the guessed ids of one answer were right lately, by the evidence for them. */
final class Acceptance {
  /** What was seen counts less by this with each further guess. */
  private static final double KEPT = 0.85;

  /** Of the prior, in ids. */
  private static final double WEIGHT = 2;

  private final Drafter drafter;
  private final double[] right = new double[Drafter.KINDS];
  private final double[] checked = new double[Drafter.KINDS];

  Acceptance(Drafter drafter) {
    this.drafter = drafter;
  }

  /** Of a guess {@code idsRight} ids were right, and {@code idsChecked} were looked at. */
  void saw(int evidence, int idsRight, int idsChecked) {
    fade(evidence, KEPT);
    right[evidence] += idsRight;
    checked[evidence] += idsChecked;
  }

  /** Nothing was guessed: what was seen becomes old, and some day a guess is tried again. */
  void rest() {
    for (int kind = 0; kind < Drafter.KINDS; kind++) {
      fade(kind, 0.98);
    }
  }

  private void fade(int kind, double share) {
    right[kind] *= share;
    checked[kind] *= share;
  }

  /** How likely an id is right if all before it are. */
  double of(int evidence) {
    return (right[evidence] + WEIGHT * drafter.prior(evidence)) / (checked[evidence] + WEIGHT);
  }

  @Override
  public String toString() {
    return Arrays.toString(right) + " of " + Arrays.toString(checked);
  }
}
