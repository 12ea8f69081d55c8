package io.solebox.engine.backend;

import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The ranks of a graph that was cut for several devices, run at once: the first on the calling
 * thread, which fills the outputs, each other on a thread of this plan's. A step is over when all
 * ranks have come back, whatever becomes of one: where one fails, the {@link Exchange} sends the
 * others home.
 */
public final class TensorPlan implements Plan {
  private final Members ranks;
  private final Exchange exchange;
  private final ExecutorService others;
  private boolean aborted;

  /**
   * @param ranks at least two, in their order; closed with this plan
   * @param exchange where they meet; closed behind them
   */
  public TensorPlan(List<Plan> ranks, Exchange exchange) {
    this.ranks = new Members(ranks);
    this.exchange = exchange;
    this.others =
        Executors.newFixedThreadPool(
            ranks.size() - 1, Thread.ofPlatform().daemon().name("rank-", 1).factory());
  }

  @Override
  public List<Integer> kvBlocks() {
    return ranks.kvBlocks();
  }

  @Override
  public int slots() {
    return ranks.slots();
  }

  @Override
  public void copySlot(int from, int to) {
    ranks.copySlot(from, to);
  }

  /** Of all ranks, one behind the other. */
  @Override
  public long bytes(KeptPlace place) {
    return ranks.bytes(place);
  }

  @Override
  public void read(KeptPlace place, MemorySegment to) {
    ranks.read(place, to);
  }

  @Override
  public void write(KeptPlace place, MemorySegment from) {
    ranks.write(place, from);
  }

  @Override
  public List<String> notes() {
    return ranks.notes();
  }

  @Override
  public Optional<LoadReport> loadReport() {
    return ranks.loadReport();
  }

  @Override
  public Optional<SoleboxException> loss() {
    return ranks.loss();
  }

  /**
   * @throws SoleboxException what the first rank that failed has thrown; what others threw since
   *     they could not wait for it says nothing more
   */
  @Override
  public void run(Batch batch, Outputs outputs) {
    if (aborted) {
      exchange.renew();
      aborted = false;
    }
    var failure = new AtomicReference<Optional<Throwable>>(Optional.empty());
    var running = new ArrayList<CompletableFuture<Void>>();
    for (Plan rank : ranks.plans().subList(1, ranks.plans().size())) {
      running.add(CompletableFuture.runAsync(() -> attempt(rank, batch, outputs, failure), others));
    }
    attempt(ranks.plans().getFirst(), batch, outputs, failure);
    running.forEach(CompletableFuture::join); // they use the batch's memory until then
    if (failure.get().isPresent()) {
      aborted = true;
      rethrow(failure.get().get());
    }
  }

  private void attempt(
      Plan rank, Batch batch, Outputs outputs, AtomicReference<Optional<Throwable>> failure) {
    try {
      rank.run(batch, outputs);
    } catch (RuntimeException | Error e) {
      failure.compareAndSet(Optional.empty(), Optional.of(e));
      exchange.abort();
    }
  }

  private static void rethrow(Throwable failure) {
    switch (failure) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError("a step throws nothing that is checked", e);
    }
  }

  @Override
  public void close() {
    others.shutdown();
    ranks.close();
    exchange.close();
  }
}
