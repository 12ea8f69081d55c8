package io.solebox.engine.schedule;

import io.solebox.engine.draft.Drafter;
import io.solebox.engine.draft.Guess;
import java.util.OptionalInt;

/**
 * One answer's account of speculation: how good its guesses are, and what they brought and took. An
 * answer may be in debt by no more than a step and a small share of its time, so that one whose
 * guesses are bad takes hardly longer than without them. The way of a draft model through a prompt
 * does not count here: once it is gone, guesses are as good as without it, so the {@link
 * Speculator} asks before whether they will pay it back.
 */
final class Drafting {
  /** Of its time that an answer may lose. */
  private static final double LOSS = 0.02;

  private final Drafter.Track track;
  private final Acceptance acceptance;
  private double balanceNanos;
  private double allowanceNanos;
  private int right; // of all guesses that ran
  private int checked;
  private OptionalInt unused = OptionalInt.empty(); // the first id of a guess that did not run
  private int unusedPosition;
  private int unusedEvidence;

  Drafting(Drafter drafter) {
    this.track = drafter.follow();
    this.acceptance = new Acceptance(drafter);
  }

  Drafter.Track track() {
    return track;
  }

  /** Whether it can lose a little more. */
  boolean hasCredit() {
    return balanceNanos > -allowanceNanos;
  }

  /** How likely an id is right if all before it are. */
  double chance(int evidence) {
    return acceptance.of(evidence);
  }

  /** A guess that is not worth a step is remembered, to see whether it would have been right. */
  void putAside(Guess guess, int position) {
    unused = OptionalInt.of(guess.id(0));
    unusedPosition = position;
    unusedEvidence = guess.evidence();
  }

  /** Holds what was put aside against what was said. */
  void look(Sequence sequence) {
    if (unused.isPresent() && unusedPosition < sequence.length()) {
      boolean same = sequence.id(unusedPosition) == unused.getAsInt();
      acceptance.saw(unusedEvidence, same ? 1 : 0, 1);
      unused = OptionalInt.empty();
    }
  }

  void rests() {
    acceptance.rest();
  }

  /** Of a guess of {@code size} ids that ran so many were right. */
  void ran(int evidence, int idsRight, int size) {
    int idsChecked = Math.min(idsRight + 1, size);
    acceptance.saw(evidence, idsRight, idsChecked);
    right += idsRight;
    checked += idsChecked;
  }

  /** The answer has ended; how good its guesses were is entered for those to come. */
  void tell(Acceptance ofAnswers) {
    if (checked > 0) {
      ofAnswers.saw(0, right, checked);
    } else {
      ofAnswers.rest();
    }
  }

  /**
   * What a step meant for this answer.
   *
   * @param nanos that it took
   * @param gained by the ids that were right, less what their step took longer
   */
  void charge(double nanos, double gained) {
    allowanceNanos = allowanceNanos == 0 ? nanos : allowanceNanos + LOSS * nanos;
    balanceNanos += gained;
  }

  /** What guessing took, whether anything came of it or not. */
  void spend(double nanos) {
    balanceNanos -= nanos;
  }
}
