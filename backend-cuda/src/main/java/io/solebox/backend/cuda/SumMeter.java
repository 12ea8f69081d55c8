package io.solebox.backend.cuda;

import io.solebox.engine.backend.trial.ReduceResult;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/**
 * What a sum over several cards takes, as plans have it: captured, behind each other, on the way
 * that a plan of these cards would take. On no GPU's thread.
 */
final class SumMeter implements AutoCloseable {
  private static final int ROUNDS = 5;

  /** Of a round: as many bytes in all, between these numbers of sums. */
  private static final long ROUND_BYTES = 256L << 20;

  private static final int MOST_REPETITIONS = 100;
  private static final int LEAST_REPETITIONS = 2;

  /** A part whose bytes are all this is 2.37e-38, as good as any to see whether it arrived. */
  private static final byte PATTERN = 1;

  private final CudaExchange exchange;
  private final ExecutorService threads;
  private final List<SumEnd> ends = new ArrayList<>();

  private SumMeter(List<Peers> gpus, PeerReach reach, long bytes) {
    long oneShot = CudaTeam.oneShotBytes(gpus.size(), reach.slowest());
    exchange =
        new CudaExchange(
            gpus.stream().map(Peers::gpu).toList(), reach, SumRoom.upTo(bytes), oneShot);
    threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory());
    int repetitions = (int) Math.clamp(ROUND_BYTES / bytes, LEAST_REPETITIONS, MOST_REPETITIONS);
    try {
      for (int r = 0; r < gpus.size(); r++) {
        ends.add(new SumEnd(gpus.get(r), exchange.seat(r), bytes, repetitions));
      }
    } catch (Throwable t) {
      close();
      throw t;
    }
  }

  /**
   * @param gpus at least two
   * @param members their places, for the result
   * @param bytes a multiple of 16
   * @return empty where this was stopped
   * @throws SoleboxException {@code OUT_OF_MEMORY}; {@code DEVICE_UNAVAILABLE}, also where a sum is
   *     wrong
   */
  static Optional<ReduceResult> measure(
      List<Peers> gpus, List<Integer> members, long bytes, BooleanSupplier stopped) {
    for (Peers peers : gpus) {
      if (peers.gpu().lost()) {
        peers.gpu().recover();
      }
    }
    var reach = new PeerReach(gpus);
    try (var meter = new SumMeter(gpus, reach, bytes)) {
      return meter.median(stopped).stream()
          .mapToObj(seconds -> new ReduceResult(members, bytes, seconds, reach.describe()))
          .findFirst();
    }
  }

  private OptionalDouble median(BooleanSupplier stopped) {
    ends.forEach(end -> end.fill(PATTERN));
    var seconds = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      if (stopped.getAsBoolean()) {
        return OptionalDouble.empty();
      }
      // The slowest card's, since all need the sum.
      seconds[round] = together(SumEnd::round).max().orElseThrow();
    }
    requireSums();
    return OptionalDouble.of(Median.of(seconds));
  }

  private void requireSums() {
    float part = Float.intBitsToFloat(0x01010101 * PATTERN);
    float sum = part;
    for (int r = 1; r < ends.size(); r++) {
      sum += part;
    }
    for (SumEnd end : ends) {
      if (end.last() != sum) {
        throw new SoleboxException(
            ErrorCode.DEVICE_UNAVAILABLE,
            "",
            "A sum over several GPUs came out as %s instead of %s.".formatted(end.last(), sum),
            "Use --split layers, and report this message.");
      }
    }
  }

  /** All at once; the first failure is thrown when all have come back. */
  private DoubleStream together(ToDoubleFunction<SumEnd> work) {
    var failure = new AtomicReference<Optional<RuntimeException>>(Optional.empty());
    List<CompletableFuture<Double>> running =
        ends.stream()
            .map(
                end ->
                    CompletableFuture.supplyAsync(
                        () -> {
                          try {
                            return work.applyAsDouble(end);
                          } catch (RuntimeException e) {
                            failure.compareAndSet(Optional.empty(), Optional.of(e));
                            exchange.abort();
                            return 0.0;
                          }
                        },
                        threads))
            .toList();
    double[] results = running.stream().mapToDouble(CompletableFuture::join).toArray();
    failure
        .get()
        .ifPresent(
            e -> {
              throw e;
            });
    return DoubleStream.of(results);
  }

  @Override
  public void close() {
    threads.close();
    ends.forEach(SumEnd::close);
    exchange.close();
  }
}
