package io.solebox.server.batches;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.Terms;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.batches.BatchStore.Line;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Api;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
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
  private final Map<String, Endpoint> endpoints;
  private final int maxLineBytes;
  private final JsonWriter json;
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);
  private final Api.ProblemWriter problems;
  private final Faults faults;
  private final Clock clock;
  private final Semaphore work = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param endpoints by path
   */
  BatchRunner(
      BatchStore store,
      FileStore files,
      Map<String, Endpoint> endpoints,
      int maxLineBytes,
      JsonWriter json,
      Api.ProblemWriter problems,
      Faults faults,
      Clock clock) {
    this.store = store;
    this.output = new BatchFiles(store, files);
    this.files = files;
    this.endpoints = endpoints;
    this.maxLineBytes = maxLineBytes;
    this.json = json;
    this.problems = problems;
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
        if (store.isOurs()) {
          for (Batch batch : store.unfinished()) {
            finish(batch);
          }
        }
        // Other servers with the same folder take batches too.
        work.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
        work.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends; the next one goes on
    } catch (SoleboxException e) {
      faults.problem(e, "");
    }
  }

  private void finish(Batch batch) throws InterruptedException {
    try {
      Batch validated = batch.status() == Status.VALIDATING ? validate(batch) : batch;
      if (validated.status() == Status.IN_PROGRESS) {
        answer(validated);
      }
      end(batch.id());
    } catch (IOException e) {
      List<Object> why = List.of(error("io_error", "The input cannot be read."));
      store.update(batch.id(), now -> now.with(Status.FAILED, now()).withErrors(why));
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
    return new BatchInput(files.path(batch.inputFile()), batch.endpoint(), maxLineBytes);
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
    LineThreads lines = new LineThreads();
    try {
      input(batch)
          .requests(
              request -> {
                if (answered.contains(request.number()) || ends.get()) {
                  return;
                }
                window.acquire();
                if (isToEnd(batch.id())) {
                  ends.set(true);
                  window.release();
                  return;
                }
                lines.start(() -> line(batch, request, ends, window));
              });
      while (!lines.join(BUSY_MILLIS)) {
        if (isToEnd(batch.id())) {
          ends.set(true);
          lines.interrupt();
        }
      }
    } finally {
      lines.interrupt();
      lines.joinAll();
    }
  }

  private boolean isToEnd(String id) {
    Batch batch = current(id);
    return closed || batch.status() != Status.IN_PROGRESS || now() >= batch.times().expires();
  }

  private void line(Batch batch, BatchInput.Request request, AtomicBoolean ends, Semaphore window) {
    try {
      Terms terms = Terms.USUAL.withUser(batch.owner()).withPriority(Priority.BACKGROUND);
      store.saveLine(batch.id(), answered(batch, request, terms));
    } catch (InterruptedException e) {
      ends.set(true); // it has no answer, and is computed by who goes on
    } catch (SoleboxException e) {
      ends.set(true);
      faults.problem(e, "");
    } finally {
      window.release();
    }
  }

  private Line answered(Batch batch, BatchInput.Request request, Terms terms)
      throws InterruptedException {
    String id = UUID.randomUUID().toString();
    while (true) {
      try {
        if (Boolean.TRUE.equals(request.body().get("stream"))) {
          throw Problem.of(400, "invalid_value", "Batches are not streamed.").withParam("stream");
        }
        byte[] body = endpoints.get(batch.endpoint()).answer(request.body(), terms);
        return output(request, id, 200, reader.read(body), false);
      } catch (Problem e) {
        if (e.status() != 429 && e.status() != 503) {
          return output(request, id, e.status(), reader.read(problems.write(e, id)), true);
        }
        Thread.sleep(BUSY_MILLIS); // the server is full, or ends
      } catch (SoleboxException e) {
        throw e;
      } catch (RuntimeException e) {
        Problem problem = faults.problem(e, "");
        return output(
            request, id, problem.status(), reader.read(problems.write(problem, id)), true);
      }
    }
  }

  private Line output(
      BatchInput.Request request, String requestId, int status, Object body, boolean failed) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("status_code", status);
    response.put("request_id", requestId);
    response.put("body", body);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", "batch_req_" + UUID.randomUUID().toString().replace("-", ""));
    line.put("custom_id", request.customId());
    line.put("response", response);
    line.put("error", null);
    return new Line(request.number(), failed, json.text(line));
  }

  /** Writes the files of a batch that has all its answers, or will get no more. */
  private void end(String id) throws IOException {
    Batch batch = current(id);
    if (closed || batch.status().isOver()) {
      return;
    }
    int completed = store.count(id, false);
    int failed = store.count(id, true);
    boolean all = completed + failed == batch.total() && batch.total() > 0;
    Status last = Status.COMPLETED;
    if (batch.status() == Status.CANCELLING) {
      last = Status.CANCELLED;
    } else if (!all) {
      last = now() >= batch.times().expires() ? Status.EXPIRED : Status.IN_PROGRESS;
    }
    if (last == Status.IN_PROGRESS) {
      return; // something broke; the next start goes on
    }
    Status end = last;
    if (end == Status.COMPLETED) {
      store.update(id, now -> now.with(Status.FINALIZING, now()));
    }
    Optional<String> outputs = output.write(batch, false);
    Optional<String> errors = output.write(batch, true);
    store.update(
        id, now -> now.withCounts(completed, failed).withFiles(outputs, errors).with(end, now()));
    store.forgetLines(id);
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
