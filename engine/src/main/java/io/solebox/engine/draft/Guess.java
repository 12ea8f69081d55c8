package io.solebox.engine.draft;

import io.solebox.engine.sample.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * How an answer may go on: ids that somebody guesses, and the sampler behind each of them. While a
 * step runs with it, it is held against what is really said, id by id. A guess of no ids is the
 * answer as it stands. Owned by one engine loop.
 */
public final class Guess {
  private final List<Sampler> samplers = new ArrayList<>(); // those that were asked for
  private final Set<Integer> stopIds;
  private final int[] ids;
  private int size;
  private int evidence;
  private int right;
  private boolean wrong;

  /**
   * @param now of the next id
   * @param stopIds that end the answer: there is nothing to guess behind them
   * @param most ids
   */
  public Guess(Sampler now, Set<Integer> stopIds, int most) {
    this.samplers.add(now);
    this.stopIds = stopIds;
    this.ids = new int[most];
  }

  public int size() {
    return size;
  }

  public int id(int index) {
    return ids[index];
  }

  /** Ids that it can still take. */
  public int room() {
    return ids.length - size;
  }

  /**
   * Guesses a further id.
   *
   * @return whether it was taken; nothing can follow one that was not
   */
  public boolean add(int id) {
    if (room() == 0 || stopIds.contains(id)) {
      return false;
    }
    ids[size++] = id;
    return true;
  }

  /** Keeps the first {@code most} ids. */
  public void cut(int most) {
    size = Math.min(size, most);
    while (samplers.size() > size + 1) {
      samplers.removeLast();
    }
  }

  /** Drops what the answer may not say, and what follows it. */
  public void cutForbidden() {
    for (int i = 0; i < size; i++) {
      if (!sampler(i).admits(ids[i])) {
        cut(i);
      }
    }
  }

  /**
   * How much speaks for it.
   *
   * @param kind 0 to {@link Drafter#KINDS}, exclusive; guesses of one kind are about as good as
   *     each other
   */
  public void evidence(int kind) {
    evidence = kind;
  }

  public int evidence() {
    return evidence;
  }

  /** The sampler behind {@code index} of its ids. */
  public Sampler sampler(int index) {
    while (samplers.size() <= index) {
      samplers.add(samplers.getLast().after(ids[samplers.size() - 1]));
    }
    return samplers.get(index);
  }

  /** The sampler behind all that was said. */
  public Sampler now() {
    return sampler(right);
  }

  /** Whether another id was said than guessed: the rows behind it mean nothing. */
  public boolean isWrong() {
    return wrong;
  }

  /** The id was said. */
  public void said(int id) {
    if (right < size && ids[right] == id) {
      right++;
    } else {
      wrong = right < size;
      now().said(id);
    }
  }

  /** How many of its first ids were said. */
  public int right() {
    return right;
  }

  @Override
  public String toString() {
    return Arrays.toString(Arrays.copyOf(ids, size)) + ", " + right + " right";
  }
}
