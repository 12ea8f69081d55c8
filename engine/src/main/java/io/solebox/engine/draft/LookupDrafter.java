package io.solebox.engine.draft;

import java.util.List;

/**
 * Prompt lookup: where the last ids stood before, in the prompt or in the answer, what followed
 * them there is guessed (Saxena, "Prompt Lookup Decoding", 2023). Takes no memory and next to no
 * time, and is right where an answer repeats its input: summaries, edits of code.
 */
public final class LookupDrafter implements Drafter {
  /** One id alone stands in too many places. */
  private static final int SHORTEST = 2;

  /** Longer matches than this are all as good. */
  private static final int LONGEST = 16;

  /** Lengths of a match from which it counts as the next better kind of evidence. */
  private static final int[] BETTER = {3, 5, 9};

  private static final double[] PRIORS = {0.3, 0.5, 0.7, 0.85};

  /** Nothing has to be kept: a search of a whole context takes a hundredth of its step. */
  private static final Track NO_TRACK = () -> {};

  @Override
  public Track follow() {
    return NO_TRACK;
  }

  @Override
  public void extend(List<Task> tasks) {
    tasks.forEach(LookupDrafter::extend);
  }

  private static void extend(Task task) {
    int[] ids = task.ids();
    int length = task.length();
    int best = SHORTEST - 1;
    int bestEnd = 0;
    int last = length == 0 ? 0 : ids[length - 1];
    // From the latest place to the first: of equal matches the nearest counts.
    for (int end = length - 1; end > best && best < LONGEST; end--) {
      if (ids[end - 1] == last) {
        int n = match(ids, end, length);
        if (n > best) {
          best = n;
          bestEnd = end;
        }
      }
    }
    if (bestEnd > 0) {
      task.guess().evidence(kind(best));
      add(task, bestEnd);
    }
  }

  /** How many ids before {@code end} are those before {@code length}, as far as it matters. */
  private static int match(int[] ids, int end, int length) {
    int most = Math.min(end, LONGEST);
    int n = 1;
    while (n < most && ids[end - 1 - n] == ids[length - 1 - n]) {
      n++;
    }
    return n;
  }

  private static int kind(int match) {
    int kind = 0;
    while (kind < BETTER.length && match >= BETTER[kind]) {
      kind++;
    }
    return kind;
  }

  /** Guesses what stands from {@code from} on; behind the known ids that is the guess itself. */
  private static void add(Task task, int from) {
    Guess guess = task.guess();
    boolean taken = true;
    for (int at = from; taken; at++) {
      taken = guess.add(at < task.length() ? task.ids()[at] : guess.id(at - task.length()));
    }
  }

  @Override
  public boolean isFree() {
    return true;
  }

  @Override
  public double prior(int evidence) {
    return PRIORS[evidence];
  }

  @Override
  public void forgetContents() {}

  @Override
  public void close() {}
}
