package io.solebox.engine.sample;

import io.solebox.engine.backend.SparseBias;
import io.solebox.engine.generation.SamplingParams;
import java.util.Arrays;

/**
 * Turns logit bias and penalties into the one sparse bias that backends apply. What a token changes
 * is changed in place: an entry for it, and one for the token that leaves the window.
 */
final class Penalties {
  private static final float BAN = -100;

  private final SamplingParams params;
  private final SparseBias bias;
  private final IdTable entries; // of the bias, by id
  private float[] base = new float[0]; // per entry the logit bias
  private int[] said = new int[0]; // per entry how often the answer has it
  private int[] recentTimes = new int[0]; // per entry how often the window has it
  private final int[] recent; // the last ids of prompt and answer, a ring
  private int recentCount;

  Penalties(SamplingParams params, int[] prompt) {
    this.params = params;
    boolean repeats = params.repetitionPenalty() != 1 && params.repetitionWindow() > 0;
    boolean changes = repeats || counts() || !params.logitBias().isEmpty();
    this.bias = changes ? new SparseBias() : SparseBias.NONE;
    this.entries = new IdTable();
    this.recent = new int[repeats ? window(params, prompt.length) : 0];
    params
        .logitBias()
        .forEach(
            (id, add) -> {
              int entry = entry(id); // may make base another array
              base[entry] = banned(add);
            });
    for (int i = Math.max(0, prompt.length - recent.length); i < prompt.length; i++) {
      remember(prompt[i]);
    }
    for (int e = 0; e < bias.size(); e++) {
      update(e);
    }
  }

  private Penalties(Penalties other) {
    params = other.params;
    bias = other.bias.copy();
    entries = other.entries.copy();
    base = other.base.clone();
    said = other.said.clone();
    recentTimes = other.recentTimes.clone();
    recent = other.recent.clone();
    recentCount = other.recentCount;
  }

  /** The same, told apart from these what is said from now on. */
  Penalties fork() {
    boolean listens = counts() || recent.length > 0;
    return listens ? new Penalties(this) : this;
  }

  /** No longer than what there will ever be to remember. */
  private static int window(SamplingParams params, int promptTokens) {
    return (int) Math.min(params.repetitionWindow(), (long) promptTokens + params.maxTokens());
  }

  private static float banned(float add) {
    return add <= BAN ? Float.NEGATIVE_INFINITY : add;
  }

  private boolean counts() {
    return params.presencePenalty() != 0 || params.frequencyPenalty() != 0;
  }

  void said(int id) {
    if (counts()) {
      int entry = entry(id);
      said[entry]++;
      update(entry);
    }
    remember(id);
  }

  /** Puts an id into the window, and takes the one out that falls off its other end. */
  private void remember(int id) {
    if (recent.length == 0) {
      return;
    }
    int at = recentCount % recent.length;
    if (recentCount >= recent.length) {
      int leaving = entry(recent[at]);
      recentTimes[leaving]--;
      update(leaving);
    }
    recent[at] = id;
    recentCount++;
    int entry = entry(id);
    recentTimes[entry]++;
    update(entry);
  }

  private int entry(int id) {
    int found = entries.find(id);
    if (found != IdTable.ABSENT) {
      return found;
    }
    int entry = bias.append(id, 1, 0);
    entries.put(id, entry);
    if (entry == base.length) {
      int more = Math.max(16, 2 * entry);
      base = Arrays.copyOf(base, more);
      said = Arrays.copyOf(said, more);
      recentTimes = Arrays.copyOf(recentTimes, more);
    }
    return entry;
  }

  private void update(int entry) {
    float repetition = recentTimes[entry] > 0 ? (float) params.repetitionPenalty() : 1;
    float add = base[entry];
    if (said[entry] > 0) {
      add -= (float) (params.presencePenalty() + said[entry] * params.frequencyPenalty());
    }
    bias.set(entry, repetition, add);
  }

  /** Whether the logit bias keeps an id from ever being said. */
  boolean bans(int id) {
    int found = entries.find(id);
    return found != IdTable.ABSENT && base[found] == Float.NEGATIVE_INFINITY;
  }

  /** What holds for the next token; changed by {@link #said}. */
  SparseBias bias() {
    return bias;
  }
}
