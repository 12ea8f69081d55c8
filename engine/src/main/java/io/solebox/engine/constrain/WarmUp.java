package io.solebox.engine.constrain;

import io.solebox.engine.constrain.match.Machine;
import io.solebox.engine.constrain.match.MatchState;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds what may follow in the states that come first, before an answer needs it: whoever asks for
 * a grammar waits a little, and the engine loop, in which all answers wait, does not.
 */
final class WarmUp {
  private static final int MAX_MASKS = 64;

  /** What whoever asks first for a grammar waits at most. */
  static final Duration USUAL = Duration.ofMillis(20);

  /** Letters beyond ASCII lead nowhere else than others do. */
  private static final int BYTES = 128;

  private final Masks masks;
  private final Machine machine;
  private final Deque<MatchState> next = new ArrayDeque<>();

  /** Behind white space, of which models write little. */
  private final Deque<MatchState> later = new ArrayDeque<>();

  private final Set<MatchState> seen = new HashSet<>();

  private WarmUp(Masks masks) {
    this.masks = masks;
    this.machine = masks.machine();
  }

  /**
   * Called with the lock of the masks.
   *
   * @param most time that it takes
   */
  static void from(Masks masks, MatchState start, Duration most) {
    try {
      new WarmUp(masks).run(start, System.nanoTime() + most.toNanos());
    } catch (SoleboxException e) {
      // An answer that comes so far is told.
    }
  }

  private void run(MatchState start, long end) {
    next.add(start);
    seen.add(start);
    int found = 0;
    while (found < MAX_MASKS
        && !(next.isEmpty() && later.isEmpty())
        && System.nanoTime() - end < 0) {
      machine.renewWork();
      MatchState state = next.isEmpty() ? later.remove() : next.remove();
      // Where there is no choice, nobody asks what may follow.
      if (follow(state) > 1) {
        masks.mask(state);
        found++;
      }
    }
  }

  /** Notes the states behind each letter; how many letters there are. */
  private int follow(MatchState state) {
    int letters = 0;
    for (int letter = 0; letter < BYTES; letter++) {
      MatchState behind = machine.next(state, letter);
      if (!behind.isDead()) {
        letters++;
        if (seen.add(behind)) {
          (letter <= ' ' ? later : next).add(behind);
        }
      }
    }
    return letters;
  }
}
