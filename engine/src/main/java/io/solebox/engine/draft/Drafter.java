package io.solebox.engine.draft;

import java.util.List;
import java.util.OptionalInt;

/**
 * Guesses how sequences go on. Any guess is good for the answers, which are what they would be
 * without it; good ones make them faster. Used by one engine loop; not thread-safe.
 */
public interface Drafter extends AutoCloseable {
  /** Kinds of evidence that a guess may have ({@link Guess#evidence}). */
  int KINDS = 4;

  /** The most ids of a guess. */
  int MAX_TOKENS = 64;

  /** Guesses nothing. */
  Drafter NONE = new NoDrafter();

  /** What a drafter keeps of a sequence that it follows. */
  interface Track {
    /**
     * How many ids it has to compute before it can guess what comes behind these; a sequence that
     * it cannot follow any more takes nothing from then on.
     *
     * @param ids of which the first {@code length} are known; not to be changed
     * @return empty where it cannot follow them
     */
    default OptionalInt behind(int[] ids, int length) {
      return OptionalInt.of(0);
    }

    /** The sequence has ended, or rests: nothing is kept for it. */
    void release();
  }

  /**
   * A sequence whose next ids are wanted.
   *
   * @param ids of which the first {@code length} are known; not to be changed
   * @param guess to be extended, as far as it has room
   */
  record Task(Track track, int[] ids, int length, Guess guess) {}

  /** Begins to follow a sequence. */
  Track follow();

  /** Guesses for several sequences at once; where it knows nothing, the guess stays as it is. */
  void extend(List<Task> tasks);

  /** Whether guesses cost nothing, so that they may be made to see how good they would be. */
  boolean isFree();

  /** How likely it is that an id of a guess is right, before anything is known of the answer. */
  double prior(int evidence);

  /** A step broke: what was kept in a device's memory is in doubt. */
  void forgetContents();

  @Override
  void close();
}
