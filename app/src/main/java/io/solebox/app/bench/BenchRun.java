package io.solebox.app.bench;

import io.solebox.app.bench.report.Spread;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.SamplingParams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One repetition: {@code batch} random prompts at once, each answered with the same number of
 * tokens, whatever the model would like to end.
 *
 * @param prefillTokensPerSecond prompt tokens of all sequences, over the time until the last of
 *     them has its first token
 * @param decodeTokensPerSecond tokens of all sequences while all of them decode, over that time
 * @param firstTokenSeconds until each sequence had its first token, the median
 */
record BenchRun(
    double prefillTokensPerSecond, double decodeTokensPerSecond, double firstTokenSeconds) {
  private static final double NANOS = 1e9;
  private static final int WARM_UP_PROMPT = 64;
  private static final int WARM_UP_TOKENS = 16;
  private static final long WARM_UP_NANOS = 500_000_000;

  /** Until clocks are up: an idle GPU has a fifth of its own. */
  static void warmUp(
      LoadedModel model, int batch, int promptTokens, int newTokens, SplittableRandom random)
      throws InterruptedException {
    long start = System.nanoTime();
    do {
      measure(
          model,
          batch,
          Math.min(promptTokens, WARM_UP_PROMPT),
          Math.min(newTokens, WARM_UP_TOKENS),
          random);
    } while (System.nanoTime() - start < WARM_UP_NANOS);
  }

  /**
   * @param random prompts differ between repetitions, or the prefix cache would answer them
   */
  static BenchRun measure(
      LoadedModel model, int batch, int promptTokens, int newTokens, SplittableRandom random)
      throws InterruptedException {
    var params =
        SamplingParams.builder()
            .maxTokens(newTokens)
            .temperature(0)
            .ignoreEndOfGeneration(true)
            .build();
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < batch; i++) {
      prompts.add(prompt(model, promptTokens, random));
    }
    List<Future<long[]>> times = new ArrayList<>();
    long start = System.nanoTime();
    try (var readers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int[] prompt : prompts) {
        // Of one user, or prompts would be held back for the sake of answers.
        Generation generation =
            model.submit(GenerationRequest.of(prompt, params).withUser("bench"));
        times.add(readers.submit(() -> tokenTimes(generation, newTokens)));
      }
    }
    return evaluate(start, (long) batch * promptTokens, collect(times));
  }

  private static int[] prompt(LoadedModel model, int length, SplittableRandom random) {
    int vocab = model.info().vocabSize();
    return random
        .ints(0, vocab)
        .filter(id -> !model.tokenizer().isSpecial(id))
        .limit(length)
        .toArray();
  }

  /** When each token arrived. */
  private static long[] tokenTimes(Generation generation, int tokens) throws InterruptedException {
    long[] times = new long[tokens];
    int count = 0;
    try (generation) {
      while (true) {
        switch (generation.next()) {
          case Generation.Queued _, Generation.Prefilling _ -> {
            // Only tokens count.
          }
          case Generation.Token _ -> times[count++] = System.nanoTime();
          case Generation.End _ -> {
            return Arrays.copyOf(times, count);
          }
          case Generation.Failed(SoleboxException error) -> throw error;
        }
      }
    }
  }

  private static List<long[]> collect(List<Future<long[]>> futures) throws InterruptedException {
    List<long[]> all = new ArrayList<>();
    for (Future<long[]> future : futures) {
      try {
        all.add(future.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof SoleboxException known) {
          throw known;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    return all;
  }

  private static BenchRun evaluate(long start, long promptTokens, List<long[]> times) {
    long allDecode = times.stream().mapToLong(t -> t[0]).max().orElseThrow();
    long firstEnds = times.stream().mapToLong(t -> t[t.length - 1]).min().orElseThrow();
    long decoded =
        times.stream()
            .flatMapToLong(Arrays::stream)
            .filter(t -> t > allDecode && t <= firstEnds)
            .count();
    var first = new Spread(times.stream().map(t -> (t[0] - start) / NANOS).toList());
    return new BenchRun(
        promptTokens * NANOS / (allDecode - start),
        decoded * NANOS / (firstEnds - allDecode),
        first.median());
  }
}
