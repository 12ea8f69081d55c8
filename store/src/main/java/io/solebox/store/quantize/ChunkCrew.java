package io.solebox.store.quantize;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufLayout;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Threads that take the chunks of a job one after the other. They meet where chunks are handed out
 * and where tensors are finished; this object's lock guards both.
 */
final class ChunkCrew {
  /** What may be lost when the power goes: bytes and time between two entries of the journal. */
  private static final long COMMIT_BYTES = 256L << 20;

  private static final long COMMIT_NANOS = 5_000_000_000L;
  private static final long LOOK_MILLIS = 50;
  private static final long WORTH_VECTORS = 32_000_000;

  /** A tensor that is being worked on. */
  private static final class Open {
    final Written[] written;
    final Integer[] checksums;
    int left;

    Open(int chunks) {
      written = new Written[chunks];
      checksums = new Integer[chunks];
      left = chunks;
    }
  }

  private final QuantizeJob job;
  private final PartialFile file;
  private final GgufLayout layout;
  private final int threads;
  private final List<Chunk> chunks = new ArrayList<>();
  private final Open[] open;
  private final Written[] finished;
  private final List<Journal.Entry> uncommitted = new ArrayList<>();
  private final long totalWeights;
  private long doneWeights;
  private long uncommittedBytes;
  private long lastCommit = System.nanoTime();
  private int next;
  private int running;
  private final List<Throwable> failures = new ArrayList<>();

  ChunkCrew(QuantizeJob job, PartialFile file, GgufLayout layout, int threads) {
    this.job = job;
    this.file = file;
    this.layout = layout;
    this.threads = threads;
    List<QuantizePlan.Planned> tensors = job.plan().tensors();
    this.open = new Open[tensors.size()];
    this.finished = new Written[tensors.size()];
    this.totalWeights = job.plan().weights();
    for (int i = 0; i < tensors.size(); i++) {
      Journal.Entry found = file.found().get(i);
      if (found != null) {
        finished[i] = found.written();
        doneWeights += tensors.get(i).source().elements();
      } else {
        List<Chunk> own = Chunk.of(i, tensors.get(i));
        open[i] = new Open(own.size());
        chunks.addAll(own);
      }
    }
  }

  /** Works until all is done; returns what came of each tensor. */
  List<Written> run(Progress progress) throws IOException {
    if (chunks.isEmpty()) {
      return Arrays.asList(finished);
    }
    int crew = Math.max(1, Math.min(threads, chunks.size()));
    List<Thread> workers = new ArrayList<>();
    running = crew;
    for (int i = 0; i < crew; i++) {
      workers.add(Thread.ofPlatform().name("quantize-" + i).daemon().start(this::work));
    }
    try {
      watch(progress);
    } finally {
      stop();
      for (Thread worker : workers) {
        join(worker);
      }
      if (!uncommitted.isEmpty() && Arrays.asList(finished).contains(null)) { // for the next try
        commit();
      }
    }
    if (!failures.isEmpty()) {
      throw failure();
    }
    return Arrays.asList(finished);
  }

  private void watch(Progress progress) {
    while (true) {
      String stage;
      double fraction;
      synchronized (this) {
        if (running == 0) {
          return;
        }
        int at = Math.min(next, chunks.size() - 1);
        stage = job.plan().tensors().get(chunks.get(at).tensor()).source().name();
        fraction = (double) doneWeights / totalWeights;
      }
      progress.report(stage, fraction);
      if (progress.cancelled() || Thread.currentThread().isInterrupted()) {
        throw new SoleboxException(
            ErrorCode.CANCELLED,
            job.source().place(),
            "quantizing was interrupted",
            "The same command goes on where this one ended.");
      }
      pause();
    }
  }

  private synchronized void pause() {
    try {
      if (running > 0) {
        wait(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void stop() {
    next = chunks.size();
  }

  /** Waits for a worker that was told to end, or has ended, whatever else is asked for. */
  private static void join(Thread worker) {
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private IOException failure() {
    Throwable first = failures.getFirst();
    failures.stream().skip(1).filter(f -> f != first).forEach(first::addSuppressed);
    return switch (first) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case IOException e -> e;
      default -> new IOException(first);
    };
  }

  private void work() {
    try {
      var worker = new ChunkWorker(job, searches());
      for (int i = take(); i < chunks.size(); i = take()) {
        Chunk chunk = chunks.get(i);
        Written written = worker.run(chunk);
        QuantizePlan.Planned tensor = job.plan().tensors().get(chunk.tensor());
        long rowBytes = tensor.target().bytes(tensor.source().cols());
        long at = layout.offsets().get(chunk.tensor()) + chunk.row() * rowBytes;
        file.write(worker.bytes(), worker.byteCount(), at);
        var crc = new CRC32C();
        crc.update(worker.bytes(), 0, worker.byteCount());
        done(chunk, written, (int) crc.getValue());
      }
    } catch (Throwable e) { // whatever it is, the others stop and the caller hears of it
      fail(e);
    } finally {
      end();
    }
  }

  /** Vectors take a second until they are compiled, which is longer than small models take. */
  private Searches searches() {
    return totalWeights < WORTH_VECTORS ? new PlainSearches() : new VectorSearches();
  }

  private synchronized int take() {
    return next < chunks.size() ? next++ : next;
  }

  private synchronized void fail(Throwable e) {
    failures.add(e);
    next = chunks.size();
  }

  private synchronized void end() {
    running--;
    notifyAll();
  }

  private synchronized void done(Chunk chunk, Written written, int checksum) throws IOException {
    QuantizePlan.Planned tensor = job.plan().tensors().get(chunk.tensor());
    Open whole = open[chunk.tensor()];
    whole.written[chunk.number()] = written;
    whole.checksums[chunk.number()] = checksum;
    doneWeights += (long) chunk.rows() * tensor.source().cols();
    if (--whole.left > 0) {
      return;
    }
    Written sum = Written.NOTHING;
    for (Written part : whole.written) {
      sum = sum.plus(part);
    }
    finished[chunk.tensor()] = sum;
    uncommitted.add(new Journal.Entry(chunk.tensor(), sum, Arrays.asList(whole.checksums)));
    uncommittedBytes += tensor.bytes();
    if (uncommittedBytes >= COMMIT_BYTES || System.nanoTime() - lastCommit >= COMMIT_NANOS) {
      commit();
    }
  }

  private void commit() throws IOException {
    file.commit(uncommitted);
    uncommitted.clear();
    uncommittedBytes = 0;
    lastCommit = System.nanoTime();
  }
}
