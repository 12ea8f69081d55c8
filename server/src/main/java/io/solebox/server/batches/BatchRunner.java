package io.solebox.server.batches;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Faults;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs one batch after another, so many lines of it at once, behind everything that people wait
 * for. Each answer is kept as it comes: after a restart only what is missing is computed.
 */
final class BatchRunner implements AutoCloseable {
  /** Lines at once: enough for steps to be shared, few enough to be ended soon. */
  private static final int WINDOW = 8;

  private static final long BUSY_MILLIS = 500;

  private static final long LOOK_SECONDS = 5;

  private final BatchStore store;
  private final BatchFiles output;
  private final FileStore files;
  private final BatchLines lines;
  private final int maxLineBytes;
  private final Faults faults;
  private final Clock clock;
  private final Semaphore work = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  BatchRunner(
      BatchStore store,
      FileStore files,
      BatchLines lines,
      int maxLineBytes,
      Faults faults,
      Clock clock) {
    this.store = store;
    this.output = new BatchFiles(store, files);
    this.files = files;
    this.lines = lines;
    this.maxLineBytes = maxLineBytes;
    this.faults = faults;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("batches").start(this::run);
  }

  /** There is a new one, or one is to end. */
  void look() {
    work.release();
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private void run() {
    try {
      while (!closed) {
        runAll();
        // Other servers with the same folder take batches too.
        work.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
        work.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends; the next one goes on
    }
  }

  /** What goes wrong is logged and tried again: a full disk may have room later. */
  private void runAll() throws InterruptedException {
    try {
      if (store.isOurs()) {
        for (Batch batch : store.unfinished()) {
          finish(batch);
        }
      }
    } catch (RuntimeException e) {
      faults.problem(e, "");
    }
  }

  private void finish(Batch batch) throws InterruptedException {
    try {
      Batch validated = batch.status() == Status.VALIDATING ? validate(batch) : batch;
      if (validated.status() == Status.IN_PROGRESS && !lines.isBroke(validated)) {
        answer(validated);
      }
      end(batch.id());
    } catch (NoSuchFileException e) {
      // Somebody has deleted it. What is answered stays.
      List<Object> why = List.of(error("file_not_found", "The input file is gone."));
      store.update(batch.id(), now -> now.withErrors(why));
      write(current(batch.id()), Status.FAILED);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Object> error(String code, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    error.put("param", null);
    error.put("line", null);
    return error;
  }

  private Batch current(String id) {
    return store.find(id).orElseThrow();
  }

  private BatchInput input(Batch batch) {
    return new BatchInput(
        files.path(batch.order().inputFile()), batch.order().endpoint(), maxLineBytes);
  }

  private Batch validate(Batch batch) throws IOException, InterruptedException {
    BatchInput.Findings findings = input(batch).examine();
    return store.update(
        batch.id(),
        now -> {
          if (now.status() != Status.VALIDATING) {
            return now; // it was cancelled meanwhile
          }
          return findings.errors().isEmpty()
              ? now.with(Status.IN_PROGRESS, now()).withTotal(findings.lines())
              : now.with(Status.FAILED, now()).withErrors(findings.errors());
        });
  }

  /** Answers the lines that have no answer yet, until all have one or the batch is to end. */
  private void answer(Batch batch) throws IOException, InterruptedException {
    Set<Integer> answered = store.answered(batch.id());
    Semaphore window = new Semaphore(WINDOW);
    AtomicBoolean ends = new AtomicBoolean();
    LineThreads threads = new LineThreads();
    try {
      input(batch)
          .requests(
              request -> {
                if (answered.contains(request.number()) || ends.get()) {
                  return;
                }
                if (!lines.isBroke(batch) && waited(window, batch.id())) {
                  threads.start(() -> line(batch, request, ends, window));
                } else {
                  ends.set(true);
                }
              });
      while (!threads.join(BUSY_MILLIS)) {
        if (isToEnd(batch.id())) {
          ends.set(true);
          threads.interrupt();
        }
      }
    } finally {
      threads.interrupt();
      threads.joinAll();
    }
  }

  /** Waits for a place; false where the batch is to end before there is one. */
  private boolean waited(Semaphore window, String id) throws InterruptedException {
    boolean ends = isToEnd(id);
    while (!ends && !window.tryAcquire(BUSY_MILLIS, TimeUnit.MILLISECONDS)) {
      ends = isToEnd(id);
    }
    return !ends;
  }

  private boolean isToEnd(String id) {
    Batch batch = current(id);
    return closed || batch.status() != Status.IN_PROGRESS || now() >= batch.times().expires();
  }

  private void line(Batch batch, BatchInput.Request request, AtomicBoolean ends, Semaphore window) {
    try {
      store.saveLine(batch.id(), lines.answer(batch, request));
    } catch (InterruptedException e) {
      ends.set(true); // it has no answer, and is computed by who goes on
    } catch (SoleboxException e) {
      ends.set(true);
      faults.problem(e, "");
    } finally {
      window.release();
    }
  }

  /** Writes the files of a batch that has all its answers, or will get no more. */
  private void end(String id) {
    Batch batch = current(id);
    if (closed || batch.status().isOver()) {
      return;
    }
    int completed = store.count(id, false);
    int failed = store.count(id, true);
    boolean all = completed + failed == batch.counts().total() && batch.counts().total() > 0;
    Status last = Status.COMPLETED;
    if (batch.status() == Status.CANCELLING) {
      last = Status.CANCELLED;
    } else if (!all) {
      last = now() >= batch.times().expires() ? Status.EXPIRED : Status.IN_PROGRESS;
    }
    if (last == Status.IN_PROGRESS) {
      return; // something broke; the next start goes on
    }
    if (last == Status.COMPLETED) {
      store.update(id, now -> now.with(Status.FINALIZING, now()));
    }
    write(batch, last);
  }

  /** Writes the files of a batch with all the answers that there are, and ends it. */
  private void write(Batch batch, Status last) {
    int completed = store.count(batch.id(), false);
    int failed = store.count(batch.id(), true);
    try {
      Optional<String> outputs = output.write(batch, false);
      Optional<String> errors = output.write(batch, true);
      store.update(
          batch.id(),
          now ->
              now.withAnswered(completed, failed)
                  .withResults(new Batch.Results(outputs, errors))
                  .with(last, now()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    store.forgetLines(batch.id());
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
