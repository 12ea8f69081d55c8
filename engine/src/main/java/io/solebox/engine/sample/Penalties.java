package io.solebox.engine.sample;

import io.solebox.engine.backend.SparseBias;
import io.solebox.engine.generation.SamplingParams;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Turns logit bias and penalties into the one sparse bias that backends apply. */
final class Penalties {
  private static final float BAN = -100;

  private final SamplingParams params;
  private final Map<Integer, Float> logitBias = new HashMap<>();
  private final Map<Integer, Integer> counts = new HashMap<>(); // of the answer's tokens
  private int[] recent; // prompt and answer; its last repetitionWindow matter
  private int recentCount;

  Penalties(SamplingParams params, int[] prompt) {
    this.params = params;
    params
        .logitBias()
        .forEach((id, bias) -> logitBias.put(id, bias <= BAN ? Float.NEGATIVE_INFINITY : bias));
    int kept = repeats() ? Math.min(prompt.length, params.repetitionWindow()) : 0;
    recent = Arrays.copyOfRange(prompt, prompt.length - kept, prompt.length);
    recentCount = kept;
  }

  private boolean repeats() {
    return params.repetitionPenalty() != 1 && params.repetitionWindow() > 0;
  }

  private boolean counts() {
    return params.presencePenalty() != 0 || params.frequencyPenalty() != 0;
  }

  void said(int id) {
    if (repeats()) {
      if (recentCount == recent.length) {
        recent = Arrays.copyOf(recent, Math.max(16, 2 * recentCount));
      }
      recent[recentCount++] = id;
    }
    if (counts()) {
      counts.merge(id, 1, Integer::sum);
    }
  }

  SparseBias bias() {
    if (logitBias.isEmpty() && !repeats() && !counts()) {
      return SparseBias.NONE;
    }
    var add = new TreeMap<Integer, Float>(logitBias);
    counts.forEach((id, n) -> add.merge(id, -penalty(n), Float::sum));
    Set<Integer> repeated = repeated();
    repeated.forEach(id -> add.putIfAbsent(id, 0f));
    var bias = new SparseBias(new int[add.size()], new float[add.size()], new float[add.size()]);
    int i = 0;
    for (var entry : add.entrySet()) {
      bias.ids()[i] = entry.getKey();
      bias.repetition()[i] =
          repeated.contains(entry.getKey()) ? (float) params.repetitionPenalty() : 1;
      bias.add()[i++] = entry.getValue();
    }
    return bias;
  }

  private float penalty(int n) {
    return (float) (params.presencePenalty() + n * params.frequencyPenalty());
  }

  private Set<Integer> repeated() {
    var ids = new HashSet<Integer>();
    for (int i = Math.max(0, recentCount - params.repetitionWindow()); i < recentCount; i++) {
      ids.add(recent[i]);
    }
    return ids;
  }
}
