package io.solebox.server.batches;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import java.io.IOException;
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
import java.util.function.BooleanSupplier;

/**
 * Takes a batch as far as it goes now: looks its input over, answers so many lines of it at once,
 * and ends it. Each answer is kept as it comes: after a restart only what is missing is computed.
 */
final class BatchRun {
  /** Lines at once: enough for steps to be shared, few enough to be ended soon. */
  private static final int WINDOW = 8;

  private static final long BUSY_MILLIS = 500;

  private final BatchStore store;
  private final BatchFiles output;
  private final FileStore files;
  private final BatchLines lines;
  private final int maxLineBytes;
  private final Faults faults;
  private final Clock clock;
  private final BooleanSupplier closed;

  /**
   * @param closed whether the server ends; the next one goes on then
   */
  BatchRun(
      BatchStore store,
      FileStore files,
      BatchLines lines,
      int maxLineBytes,
      Faults faults,
      Clock clock,
      BooleanSupplier closed) {
    this.store = store;
    this.output = new BatchFiles(store, files);
    this.files = files;
    this.lines = lines;
    this.maxLineBytes = maxLineBytes;
    this.faults = faults;
    this.clock = clock;
    this.closed = closed;
  }

  private long now() {
    return clock.instant().getEpochSecond();
  }

  private Batch current(String id) {
    return store.find(id).orElseThrow();
  }

  /**
   * Goes on with it.
   *
   * @throws SoleboxException if something cannot be kept; it can be gone on with later
   */
  void go(String id) throws InterruptedException {
    Batch batch = current(id);
    try {
      Batch validated = batch.status() == Status.VALIDATING ? validate(batch) : batch;
      if (validated.status() == Status.IN_PROGRESS && !lines.isBroke(validated)) {
        answer(validated);
      }
    } catch (NoSuchFileException e) {
      // Somebody has deleted it. What is answered stays.
      fail(id, "file_not_found", "The input file is gone.");
    } catch (IOException e) {
      fail(id, "file_unreadable", "The input file cannot be read: " + e.getMessage() + ".");
    }
    end(id);
  }

  /** Ends it with an error; what is answered stays. */
  void fail(String id, Problem problem) {
    fail(id, problem.code(), problem.getMessage());
  }

  private void fail(String id, String code, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    error.put("param", null);
    error.put("line", null);
    store.update(id, now -> now.withErrors(List.of(error)));
    write(current(id), Status.FAILED);
  }

  private BatchInput input(Batch batch) {
    return new BatchInput(
        () -> files.read(batch.order().inputFile(), batch.owner()),
        batch.order().endpoint(),
        maxLineBytes);
  }

  private Batch validate(Batch batch) throws IOException, InterruptedException {
    Optional<BatchInput.Findings> findings =
        input(batch).examine(() -> isToEnd(batch.id(), Status.VALIDATING));
    return findings.map(found -> validated(batch.id(), found)).orElseGet(() -> current(batch.id()));
  }

  private Batch validated(String id, BatchInput.Findings findings) {
    return store.update(
        id,
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
                if (answered.contains(request.number())) {
                  return true;
                }
                if (lines.isBroke(batch) || !waited(window, batch.id()) || ends.get()) {
                  return false;
                }
                threads.start(() -> line(batch, request, ends, window));
                return true;
              });
      while (!threads.join(BUSY_MILLIS)) {
        if (isToEnd(batch.id(), Status.IN_PROGRESS)) {
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
    boolean ends = isToEnd(id, Status.IN_PROGRESS);
    while (!ends && !window.tryAcquire(BUSY_MILLIS, TimeUnit.MILLISECONDS)) {
      ends = isToEnd(id, Status.IN_PROGRESS);
    }
    return !ends;
  }

  private boolean isToEnd(String id, Status expected) {
    Batch batch = current(id);
    return closed.getAsBoolean() || batch.status() != expected || now() >= batch.times().expires();
  }

  /** Answers a line; one that has no answer then is computed by who goes on. */
  private void line(Batch batch, BatchInput.Request request, AtomicBoolean ends, Semaphore window) {
    try {
      Optional<BatchStore.Line> answer = lines.answer(batch, request);
      answer.ifPresent(line -> store.saveLine(batch, line));
      if (answer.isEmpty()) {
        ends.set(true); // the server is full; others have their turn
      }
    } catch (InterruptedException e) {
      ends.set(true);
    } catch (RuntimeException | Error e) {
      ends.set(true);
      faults.problem(e, "");
    } finally {
      window.release();
    }
  }

  /** Writes the files of a batch that has all its answers, or will get no more. */
  private void end(String id) {
    Batch batch = current(id);
    if (closed.getAsBoolean() || batch.status().isOver()) {
      return;
    }
    int answered = store.count(id, false) + store.count(id, true);
    boolean all = answered == batch.counts().total() && batch.counts().total() > 0;
    if (batch.status() == Status.CANCELLING) {
      write(batch, Status.CANCELLED);
    } else if (all) {
      write(store.update(id, now -> now.with(Status.FINALIZING, now())), Status.COMPLETED);
    } else if (now() >= batch.times().expires()) {
      write(batch, Status.EXPIRED);
    } // else something is in its way, and it is gone on with later
  }

  private void write(Batch batch, Status last) {
    try {
      output.end(batch, last, now());
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          "the output of " + batch.id(),
          "It cannot be written: " + e.getMessage() + ".",
          "See that there is space and that the folder can be written; it is tried again.",
          e);
    }
  }
}
