package io.solebox.engine.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.generation.SamplingParams;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final int VOCAB = 1000;

  private final Arena arena = Arena.ofAuto();
  private final Outputs outputs = new Outputs(arena, 1, Sampler.MAX_CANDIDATES, VOCAB);

  private static SamplingParams.Builder params() {
    return SamplingParams.builder().seed(11);
  }

  private static float[] randomLogits(int seed) {
    var random = new Random(seed);
    float[] logits = new float[VOCAB];
    for (int i = 0; i < VOCAB; i++) {
      logits[i] = (float) (3 * random.nextGaussian());
    }
    return logits;
  }

  /** As a backend would: answers the request from these logits. */
  private Sampler.Choice choose(Sampler sampler, float[] logits) {
    MemorySegment row = arena.allocateFrom(ValueLayout.JAVA_FLOAT, logits);
    RowPicker.answer(sampler.request(0), row, MemorySegment.NULL, outputs, 0);
    return sampler.choose(outputs, 0);
  }

  private int[] draw(SamplingParams params, float[] logits, int n) {
    var sampler = new Sampler(params, new int[] {1, 2, 3}, VOCAB, 0);
    int[] ids = new int[n];
    for (int i = 0; i < n; i++) {
      ids[i] = choose(sampler, logits).id();
    }
    return ids;
  }

  private static Set<Integer> distinct(int[] ids) {
    var set = new TreeSet<Integer>();
    for (int id : ids) {
      set.add(id);
    }
    return set;
  }

  @Test
  void greedyTakesTheBestAndOfEqualsTheFirst() {
    float[] logits = new float[VOCAB];
    logits[7] = logits[9] = 5;
    assertArrayEquals(new int[] {7}, draw(params().temperature(0).build(), logits, 1));
    assertArrayEquals(new int[] {7}, draw(params().temperature(0).logprobs(2).build(), logits, 1));
  }

  @Test
  void theSameSeedDrawsTheSame() {
    float[] logits = randomLogits(1);
    int[] once = draw(params().build(), logits, 50);
    assertArrayEquals(once, draw(params().build(), logits, 50));
    assertTrue(distinct(once).size() > 10);
  }

  @Test
  void candidatesOfTheBackendAndWholeRowsDrawTheSame() {
    float[] logits = randomLogits(2);
    var filtered = params().topK(100).typicalP(0.95).topP(0.9).minP(0.01).temperature(1.3);
    int[] fromTopK = draw(filtered.build(), logits, 200);
    int[] fromRows = draw(filtered.logprobs(0).build(), logits, 200);
    assertArrayEquals(fromTopK, fromRows);
  }

  @Test
  void drawsFollowTheSoftmaxAtTheTemperature() {
    float[] logits = new float[VOCAB];
    Arrays.fill(logits, -1000);
    logits[3] = (float) (2 * Math.log(1));
    logits[5] = (float) (2 * Math.log(3));
    int n = 20_000;
    var counts = new HashMap<Integer, Integer>();
    for (int id : draw(params().temperature(2).build(), logits, n)) {
      counts.merge(id, 1, Integer::sum);
    }
    assertEquals(Set.of(3, 5), counts.keySet());
    assertEquals(0.25, counts.get(3) / (double) n, 0.02);
  }

  @Test
  void topPKeepsTheSmallestSetOfThatMassOfTheWholeVocabulary() {
    float[] logits = new float[VOCAB]; // one of 0.5, 999 sharing the rest
    logits[4] = (float) Math.log(VOCAB - 1.0);
    assertEquals(Set.of(4), distinct(draw(params().topP(0.49).build(), logits, 200)));
    int kept = distinct(draw(params().topP(0.6).build(), logits, 20_000)).size();
    assertTrue(Math.abs(kept - 201) <= 2, "kept " + kept);
  }

  @Test
  void minPDropsWhatIsLessLikelyThanItsShareOfTheBest() {
    float[] logits = new float[VOCAB];
    Arrays.fill(logits, -50);
    logits[1] = 0;
    logits[2] = (float) Math.log(0.21);
    logits[3] = (float) Math.log(0.19);
    assertEquals(Set.of(1, 2), distinct(draw(params().minP(0.2).build(), logits, 500)));
  }

  @Test
  void typicalPPrefersTheExpectedSurpriseToTheBest() {
    // The entropy is 1.98: eight tokens of surprise 2.5 are nearer to it than one of 1.0.
    float[] logits = new float[VOCAB];
    Arrays.fill(logits, -100);
    logits[0] = (float) Math.log(0.36);
    for (int i = 1; i <= 8; i++) {
      logits[i] = (float) Math.log(0.08);
    }
    Set<Integer> kept = distinct(draw(params().typicalP(0.5).build(), logits, 2000));
    assertTrue(!kept.contains(0) && kept.size() == 7, "kept " + kept);
  }

  @Test
  void biasBansAndPromotes() {
    float[] logits = randomLogits(3);
    logits[10] = 50;
    var params = params().temperature(0).logitBias(Map.of(10, -100f, 20, 100f)).build();
    assertArrayEquals(new int[] {20}, draw(params, logits, 1));
  }

  @Test
  void penaltiesPushAwayWhatWasSaid() {
    float[] logits = new float[VOCAB];
    logits[5] = 1.0f;
    logits[6] = 0.9f;
    logits[1] = 1.5f; // in the prompt
    var repetition = params().temperature(0).repetitionPenalty(2).build();
    assertArrayEquals(new int[] {5, 6, 1}, draw(repetition, logits, 3));
    logits[1] = 0;
    assertArrayEquals(
        new int[] {5, 6, 5}, draw(params().temperature(0).presencePenalty(0.5).build(), logits, 3));
    assertArrayEquals(
        new int[] {5, 6, 5, 6},
        draw(params().temperature(0).frequencyPenalty(0.2).build(), logits, 4));
  }

  @Test
  void logprobsAreTheModelsOwnWhateverTheBias() {
    float[] logits = randomLogits(4);
    var params = params().logprobs(5).temperature(0.1).logitBias(Map.of(0, 50f)).build();
    Sampler.Choice choice = choose(new Sampler(params, new int[] {1}, VOCAB, 0), logits);
    assertEquals(0, choice.id());
    double sum = 0;
    for (float l : logits) {
      sum += Math.exp(l);
    }
    var logprobs = choice.logprobs().orElseThrow();
    assertEquals(logits[0] - Math.log(sum), logprobs.chosen(), 1e-4);
    assertEquals(5, logprobs.top().size());
    for (int i = 1; i < 5; i++) {
      assertTrue(logprobs.top().get(i - 1).logprob() >= logprobs.top().get(i).logprob());
    }
  }
}
