package io.solebox.server.responses;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.DetachedAnswer;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Responses that nobody waits for, each in a thread of its own. The end of the server breaks them
 * off, and they say so afterwards.
 */
final class BackgroundResponses implements AutoCloseable {
  private final JsonWriter json;
  private final Models models;
  private final Faults faults;
  private final Clock clock;
  private final ResponseStore store;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  BackgroundResponses(
      JsonWriter json, Models models, Faults faults, Clock clock, ResponseStore store) {
    this.json = json;
    this.models = models;
    this.faults = faults;
    this.clock = clock;
    this.store = store;
  }

  private record Running(String owner, DetachedAnswer answer, Thread thread) {}

  /**
   * Begins.
   *
   * @param use of the model; closed when the response is over
   * @return the response as it is now
   * @throws Problem 429, and then {@code use} is left to the caller
   */
  Map<String, Object> begin(ResponseAsk ask, String owner, Models.Use use) {
    if (closed) {
      throw Problem.of(503, "shutting_down", "The server is shutting down.");
    }
    Map<String, Object> begun = ResponseBody.begun(ask, "queued", clock);
    DetachedAnswer answer = DetachedAnswer.submit(List.of(ask.answer()), models, faults);
    try {
      store.save(owner, ask, begun);
    } catch (RuntimeException e) {
      answer.close();
      throw e;
    }
    String id = (String) begun.get("id");
    Thread thread =
        Thread.ofVirtual().name("response").unstarted(() -> run(ask, owner, begun, answer, use));
    running.put(id, new Running(owner, answer, thread));
    thread.start();
    return begun;
  }

  private void run(
      ResponseAsk ask,
      String owner,
      Map<String, Object> begun,
      DetachedAnswer answer,
      Models.Use use) {
    try (use;
        answer) {
      store.save(owner, ask, ResponseBody.withStatus(begun, "in_progress"));
      store.save(owner, ask, computed(ask, begun, answer));
    } catch (SoleboxException e) {
      faults.problem(e, ""); // it could not be written; the log has it
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      running.remove((String) begun.get("id"));
    }
  }

  private Map<String, Object> computed(
      ResponseAsk ask, Map<String, Object> begun, DetachedAnswer answer)
      throws InterruptedException {
    try {
      DetachedAnswer.Result result = answer.await();
      return new ResponseFormat(json, ask, begun, clock, _ -> {})
          .body(result.choices().getFirst(), result.usage());
    } catch (Problem e) {
      if (closed) {
        return ResponseBody.failed(begun, "The server ended.");
      }
      return e.code().equals("answer_cancelled")
          ? ResponseBody.withStatus(begun, "cancelled")
          : ResponseBody.failed(begun, e.getMessage());
    } catch (RuntimeException | Error e) {
      return ResponseBody.failed(begun, faults.problem(e, "").getMessage());
    }
  }

  /**
   * Ends one early, and waits until that is kept.
   *
   * @return whether it was running
   */
  boolean cancel(String id, String owner) throws InterruptedException {
    Optional<Running> found =
        Optional.ofNullable(running.get(id)).filter(r -> r.owner().equals(owner));
    if (found.isPresent()) {
      found.get().answer().cancel();
      found.get().thread().join();
    }
    return found.isPresent();
  }

  @Override
  public void close() {
    closed = true;
    for (Running each : running.values()) {
      each.answer().cancel();
    }
    for (Running each : running.values()) {
      try {
        each.thread().join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
