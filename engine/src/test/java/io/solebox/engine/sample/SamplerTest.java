package io.solebox.engine.sample;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowPicker;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    outputs.begin();
    RowRequest request = sampler.request(0);
    RowPicker.answer(request, row, outputs, 0);
    Sampler.Choice choice = sampler.choose(outputs, 0);
    sampler.said(choice.id());
    return choice;
  }

  private int[] draw(SamplingParams params, float[] logits, int n) {
    var sampler = new Sampler(params, Optional.empty(), new int[] {1, 2, 3}, VOCAB, 0);
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
    Sampler.Choice choice =
        choose(new Sampler(params, Optional.empty(), new int[] {1}, VOCAB, 0), logits);
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

  /** A nucleus from the backend's candidates, and one that needs the whole row, draw alike. */
  @Test
  void aNucleusDrawsAsAWholeRowDoes() {
    for (double spread : new double[] {3, 0.1}) { // few likely ids, and hundreds
      float[] logits = randomLogits(5);
      for (int i = 0; i < VOCAB; i++) {
        logits[i] *= (float) (spread / 3);
      }
      var params = params().topP(0.8).minP(0.001);
      assertInstanceOf(
          RowRequest.Nucleus.class,
          new Sampler(params.build(), Optional.empty(), new int[] {1}, VOCAB, 0).request(0));
      int[] fromNucleus = draw(params.build(), logits, 300);
      assertArrayEquals(fromNucleus, draw(params.logprobs(0).build(), logits, 300));
    }
  }

  @Test
  void unfilteredDrawsAreMadeByTheBackendAndAreTheSame() {
    float[] logits = randomLogits(6);
    var params = params().temperature(0.9);
    assertInstanceOf(
        RowRequest.Draw.class,
        new Sampler(params.build(), Optional.empty(), new int[] {1}, VOCAB, 0).request(0));
    int[] drawn = draw(params.build(), logits, 300);
    assertArrayEquals(drawn, draw(params.logprobs(0).build(), logits, 300));
  }

  /** The penalties of a long answer are those that one computes anew from all that was said. */
  @Test
  void penaltiesKeepBooksOfWhatComesAndGoes() {
    var params =
        params()
            .repetitionPenalty(1.7)
            .repetitionWindow(5)
            .presencePenalty(0.3)
            .frequencyPenalty(0.1)
            .logitBias(Map.of(3, 0.5f, 4, -100f))
            .build();
    var random = new Random(9);
    int[] prompt = random.ints(7, 0, 12).toArray();
    var penalties = new Penalties(params, prompt);
    var all = new ArrayList<Integer>();
    Arrays.stream(prompt).forEach(all::add);
    for (int step = 0; step < 200; step++) {
      checkPenalties(params, all, prompt.length, penalties);
      int id = random.nextInt(12);
      penalties.said(id);
      all.add(id);
    }
  }

  private static void checkPenalties(
      SamplingParams params, List<Integer> all, int promptLength, Penalties penalties) {
    var recent = all.subList(Math.max(0, all.size() - params.repetitionWindow()), all.size());
    var answer = all.subList(promptLength, all.size());
    for (int id = 0; id < 12; id++) {
      int sought = id;
      long said = answer.stream().filter(i -> i == sought).count();
      float repetition = recent.contains(id) ? 1.7f : 1;
      float add = id == 3 ? 0.5f : id == 4 ? Float.NEGATIVE_INFINITY : 0;
      add -= said > 0 ? (float) (0.3 + said * 0.1) : 0;
      float expected = 2f / repetition + add;
      float actual = 2f;
      for (int e = 0; e < penalties.bias().size(); e++) {
        actual = penalties.bias().id(e) == id ? penalties.bias().apply(e, 2f) : actual;
      }
      assertEquals(expected, actual, "id " + id + " after " + all);
    }
  }

  /** Ids in turn, whatever the model would like. */
  private static final class Turns implements TokenConstraint {
    private final int[] ids;
    private int next;

    Turns(int... ids) {
      this.ids = ids;
    }

    @Override
    public TokenMask allowed() {
      long[] words = new long[(VOCAB + 63) / 64];
      if (next < ids.length) {
        words[ids[next] >>> 6] |= 1L << ids[next];
      }
      return new TokenMask(words);
    }

    @Override
    public void said(int id) {
      next++;
    }

    @Override
    public TokenConstraint fork() {
      var fork = new Turns(ids);
      fork.next = next;
      return fork;
    }
  }

  @Test
  void aConstraintHoldsInEveryWayOfSampling() {
    float[] logits = randomLogits(8);
    for (var params :
        new SamplingParams[] {
          params().temperature(0).build(),
          params().build(),
          params().topK(5).build(),
          params().topP(0.7).build(),
          params().minP(0.2).build(),
          params().typicalP(0.5).build(),
          params().logprobs(3).build()
        }) {
      var sampler =
          new Sampler(params, Optional.of(new Turns(7, 999, 64)), new int[] {1}, VOCAB, 0);
      for (int id : new int[] {7, 999, 64}) {
        assertEquals(id, choose(sampler, logits).id(), params.toString());
      }
      var error = assertThrows(SoleboxException.class, () -> choose(sampler, logits));
      assertEquals(ErrorCode.NOTHING_ALLOWED, error.code(), params.toString());
    }
  }

  @Test
  void whatIsNoNumberIsAnErrorInEveryWayOfSampling() {
    float[] logits = randomLogits(8);
    logits[500] = Float.NaN;
    for (var params :
        new SamplingParams[] {
          params().temperature(0).build(),
          params().build(),
          params().topK(5).build(),
          params().topP(0.7).build(),
          params().logprobs(3).build()
        }) {
      var sampler = new Sampler(params, Optional.empty(), new int[] {1}, VOCAB, 0);
      var error = assertThrows(SoleboxException.class, () -> choose(sampler, logits));
      assertEquals(ErrorCode.NON_FINITE, error.code());
    }
  }

  /** As floats they are 0, or make infinities of logits. */
  @Test
  void numbersTooCloseToZeroAreRefusedByName() {
    for (double value : new double[] {1e-50, 1e-38, Double.MIN_VALUE}) {
      refused("temperature", params().temperature(value));
      refused("top_p", params().topP(value));
      refused("min_p", params().minP(value));
      refused("typical_p", params().typicalP(value));
      refused("repetition_penalty", params().repetitionPenalty(value));
      refused("presence_penalty", params().presencePenalty(-value));
      refused("frequency_penalty", params().frequencyPenalty(value));
    }
    for (double value : new double[] {1e39, Double.POSITIVE_INFINITY, Double.NaN, -0.001}) {
      refused("temperature", params().temperature(value));
      refused("top_p", params().topP(value));
      refused("min_p", params().minP(value));
      refused("typical_p", params().typicalP(value));
      refused("repetition_penalty", params().repetitionPenalty(value));
    }
    for (double value : new double[] {-1e39, Double.NEGATIVE_INFINITY, Double.NaN}) {
      refused("presence_penalty", params().presencePenalty(value));
      refused("frequency_penalty", params().frequencyPenalty(value));
    }
  }

  private static void refused(String name, SamplingParams.Builder params) {
    var error = assertThrows(SoleboxException.class, params::build);
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    assertEquals(name, error.place());
  }

  @Test
  void theSmallestTemperatureThatIsTakenIsGreedy() {
    float[] logits = randomLogits(9);
    int best = draw(params().temperature(0).build(), logits, 1)[0];
    for (var params : List.of(params(), params().topK(5), params().topP(0.9))) {
      assertEquals(Set.of(best), distinct(draw(params.temperature(1e-30).build(), logits, 20)));
    }
  }

  @Test
  void aBanOfEveryTokenIsAnErrorInEveryWayOfSampling() {
    float[] logits = randomLogits(10);
    Map<Integer, Float> all = new HashMap<>();
    for (int id = 0; id < VOCAB; id++) {
      all.put(id, -100f);
    }
    for (var params :
        List.of(
            params().temperature(0),
            params(),
            params().topK(5),
            params().topP(0.7),
            params().topP(0),
            params().minP(0.2),
            params().typicalP(0.5),
            params().repetitionPenalty(1.5).presencePenalty(2),
            params().logprobs(3),
            params().temperature(0).logprobs(0))) {
      var banned = params.logitBias(all).build();
      var sampler = new Sampler(banned, Optional.empty(), new int[] {1}, VOCAB, 0);
      var error = assertThrows(SoleboxException.class, () -> choose(sampler, logits));
      assertEquals(ErrorCode.NOTHING_ALLOWED, error.code(), banned.toString());
    }
  }

  /** "All that came before", as clients write it, takes no more room than what came before. */
  @Test
  void aWindowWithoutEndCostsWhatTheAnswerDoes() {
    float[] logits = randomLogits(12);
    var params = params().temperature(0).repetitionPenalty(50).repetitionWindow(Integer.MAX_VALUE);
    int[] ids = draw(params.maxTokens(100).build(), logits, 100);
    assertEquals(100, distinct(ids).size());
  }
}
