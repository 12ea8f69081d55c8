package io.solebox.backend.cuda;

import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.CopySample;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.engine.backend.trial.PeerPair;
import io.solebox.engine.backend.trial.ReduceResult;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/** The trials of several GPUs together. */
final class CudaLinkTrials implements LinkTrials {
  private final List<CudaTrials> gpus;
  private final List<Peers> peers;

  /**
   * @param peers of each of them
   */
  CudaLinkTrials(List<CudaTrials> gpus, List<Peers> peers) {
    this.gpus = List.copyOf(gpus);
    this.peers = List.copyOf(peers);
  }

  @Override
  public int size() {
    return gpus.size();
  }

  @Override
  public List<Copy> copies() {
    return CopyMeter.kinds();
  }

  @Override
  public List<CopyResult> copy(Copy copy, Duration time, Watch<CopySample> watch) {
    var ready = new CountDownLatch(gpus.size());
    var failed = new AtomicBoolean();
    BooleanSupplier stopped = () -> failed.get() || watch.stopped().getAsBoolean();
    Object turn = new Object();
    var work = new ArrayList<Callable<CopyResult>>();
    for (int i = 0; i < gpus.size(); i++) {
      int device = i;
      work.add(
          () -> {
            try (CopyMeter meter = gpus.get(device).copies(copy)) {
              meter.prepare();
              together(ready);
              return meter.run(
                  time,
                  (at, rate) -> {
                    synchronized (turn) {
                      watch.samples().accept(new CopySample(device, at, rate));
                    }
                  },
                  stopped);
            } catch (Throwable t) {
              failed.set(true);
              throw t;
            } finally {
              ready.countDown(); // also after a failure: nobody waits for it for ever
            }
          });
    }
    return all(work);
  }

  /** Nobody begins before all can. */
  private static void together(CountDownLatch ready) throws InterruptedException {
    ready.countDown();
    ready.await();
  }

  /** The first failure is thrown when all have ended. */
  private static List<CopyResult> all(List<Callable<CopyResult>> work) {
    var results = new ArrayList<CopyResult>();
    try (var threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform().factory())) {
      for (Future<CopyResult> result : threads.invokeAll(work)) {
        results.add(result.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SoleboxException(
          ErrorCode.CANCELLED, "", "The copies were interrupted.", "Try them again.");
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
    return results;
  }

  private static RuntimeException failure(Throwable cause) {
    return switch (cause) {
      case SoleboxException e -> e;
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(cause);
    };
  }

  @Override
  public List<PeerPair> peers(Watch<PeerPair> watch) {
    var pairs = new ArrayList<PeerPair>();
    gpus.forEach(CudaTrials::requireContext);
    for (int one = 0; one < peers.size(); one++) {
      for (int other = one + 1; other < peers.size(); other++) {
        if (watch.stopped().getAsBoolean()) {
          return pairs;
        }
        try (var meter = new PeerMeter(peers.get(one), peers.get(other), PeerMeter.USUAL_BYTES)) {
          List<PeerPair> measured = meter.pairs(one, other, watch.stopped());
          pairs.addAll(measured);
          measured.forEach(watch.samples());
        }
      }
    }
    return pairs;
  }

  @Override
  public Optional<ReduceResult> allReduce(
      List<Integer> members, long bytes, BooleanSupplier stopped) {
    if (members.size() > SumRoom.MOST_RANKS) {
      return Optional.empty();
    }
    return SumMeter.measure(members.stream().map(peers::get).toList(), members, bytes, stopped);
  }

  @Override
  public List<String> notes() {
    return gpus.size() > SumRoom.MOST_RANKS
        ? List.of("Sums go over %d cards at most.".formatted(SumRoom.MOST_RANKS))
        : List.of();
  }
}
