package io.solebox.engine.draft;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.cache.SequenceMemory;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A draft model's side of a sequence: the ids that it knows, of which the last ones may be guesses,
 * and how many of them are in its cache. What is guessed is never published there, and windows do
 * not slide over it, so that it can be taken back.
 */
final class DraftTrack implements Drafter.Track {
  private final SequenceMemory memory;
  private final int mostTokens;
  private final int vocab;
  private int[] ids = new int[64];
  private int length; // known and guessed
  private int computed;
  private boolean begun;
  private boolean lost; // it cannot follow, now and ever after
  private int found; // of what is known, in the prefix cache, when that was looked up
  private int foundAt; // ids that were known then

  /**
   * @param mostTokens of the draft model's longest sequence
   * @param vocab of the draft model
   */
  DraftTrack(SequenceMemory memory, int mostTokens, int vocab) {
    this.memory = memory;
    this.mostTokens = mostTokens;
    this.vocab = vocab;
  }

  @Override
  public OptionalInt behind(int[] known, int knownLength) {
    if (knownLength > mostTokens) {
      lose();
    }
    if (lost) {
      return OptionalInt.empty();
    }
    int there = begun ? Math.min(computed, same(known, knownLength)) : findable(known, knownLength);
    return OptionalInt.of(knownLength - Math.min(there, knownLength - 1));
  }

  /** Looked up once a block: whether it is worth to begin is asked at every step. */
  private int findable(int[] known, int knownLength) {
    if (foundAt == 0 || knownLength - foundAt >= KvBlocks.TOKENS) {
      found = memory.knownPrefix(known, knownLength - 1);
      foundAt = knownLength;
    }
    return found;
  }

  private void lose() {
    if (!lost) {
      lost = true;
      release();
    }
  }

  /**
   * Takes over what is known, and takes back what was guessed otherwise.
   *
   * @return whether the draft model can follow this far
   */
  boolean follow(int[] known, int knownLength) {
    int same = same(known, knownLength);
    if (knownLength > mostTokens
        || Arrays.stream(known, same, knownLength).anyMatch(id -> id >= vocab)) {
      lose();
    }
    if (lost) {
      return false;
    }
    if (ids.length < knownLength) {
      ids = Arrays.copyOf(ids, knownLength + knownLength / 2);
    }
    System.arraycopy(known, same, ids, same, knownLength - same);
    length = knownLength;
    // The last id is computed again where its row was not asked for.
    computed = Math.min(Math.min(computed, same), length - 1);
    if (!begun) {
      begun = true;
      computed = memory.matchPrefix(ids, length - 1);
    }
    memory.advance(ids, computed);
    memory.shrink(length);
    return true;
  }

  /** Up to where this knows what is known. What differs was guessed, so it stands at the end. */
  private int same(int[] known, int knownLength) {
    int compared = Math.min(length, knownLength);
    int same = Math.max(0, compared - Drafter.MAX_TOKENS);
    while (same < compared && ids[same] == known[same]) {
      same++;
    }
    return same;
  }

  /** Guesses that {@code id} comes next; whether the draft model has room for it. */
  boolean assume(int id) {
    if (length == mostTokens || id >= vocab) {
      return false;
    }
    if (length == ids.length) {
      ids = Arrays.copyOf(ids, 2 * length);
    }
    ids[length++] = id;
    return true;
  }

  int uncomputed() {
    return length - computed;
  }

  int computed() {
    return computed;
  }

  int id(int position) {
    return ids[position];
  }

  /** Makes room for {@code n} more positions; false when its pool is empty. */
  boolean grow(int n) {
    return memory.grow(computed + n);
  }

  Batch.Sequence view() {
    return memory.view();
  }

  /** {@code n} more positions were computed. */
  void advance(int n) {
    computed += n;
  }

  @Override
  public void release() {
    memory.release();
    length = 0;
    computed = 0;
    begun = false;
    foundAt = 0;
  }
}
