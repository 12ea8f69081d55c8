package io.solebox.server.responses;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.DetachedAnswer;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Problem;
import io.solebox.server.http.WorkItem;
import io.solebox.server.models.Models;
import io.solebox.server.storage.Owners;
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
  private final Observers observers;
  private final Map<String, Running> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  BackgroundResponses(
      JsonWriter json,
      Models models,
      Faults faults,
      Clock clock,
      ResponseStore store,
      Observers observers) {
    this.json = json;
    this.models = models;
    this.faults = faults;
    this.clock = clock;
    this.store = store;
    this.observers = observers;
  }

  private record Running(Begun begun, Thread thread) {}

  /**
   * Whose a response is, what is computed for it, and how it began.
   *
   * @param events where it is a stream
   */
  private record Begun(
      ResponseAsk ask,
      String owner,
      Map<String, Object> body,
      Optional<EventLog> events,
      DetachedAnswer answer,
      WorkItem item) {
    String id() {
      return (String) body.get("id");
    }
  }

  /** What became of one, and the status that a client who waits would have got. */
  private record Outcome(Map<String, Object> body, int status) {}

  /**
   * Begins.
   *
   * @param use of the model; closed when the response is over
   * @return the response as it is now
   * @throws Problem 429, and then {@code use} is left to the caller
   */
  Map<String, Object> begin(ResponseAsk ask, Exchange exchange, Models.Use use) {
    if (closed) {
      throw Problem.of(503, "shutting_down", "The server is shutting down.");
    }
    String owner = Owners.of(exchange);
    Map<String, Object> body = ResponseBody.begun(ask, "queued", clock);
    DetachedAnswer answer = DetachedAnswer.submit(List.of(ask.answer()), models, faults);
    try {
      store.save(owner, ask, body);
    } catch (RuntimeException e) {
      answer.close();
      throw e;
    }
    WorkItem item =
        WorkItem.ofResponse(
            (String) body.get("id"),
            exchange.id(),
            "/v1/responses",
            owner,
            exchange.handOverNotes());
    Optional<EventLog> events = ask.stream() ? Optional.of(new EventLog()) : Optional.empty();
    Begun begun = new Begun(ask, owner, body, events, answer, item);
    Thread thread = Thread.ofVirtual().name("response").unstarted(() -> run(begun, use));
    running.put(begun.id(), new Running(begun, thread));
    thread.start();
    return body;
  }

  private void run(Begun begun, Models.Use use) {
    try (use;
        DetachedAnswer _ = begun.answer()) {
      save(begun, ResponseBody.withStatus(begun.body(), "in_progress"));
      if (begun.events().isPresent()) {
        stream(begun, begun.events().get());
      } else {
        Outcome outcome = kept(begun, computed(begun));
        observers.worked(begun.item(), outcome.status(), json.bytes(outcome.body()).length);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      Problem problem = faults.problem(e, ""); // it could not be kept
      begun.events().ifPresent(log -> log.add("error", errorEvent(problem, log.next())));
      begun.item().notes().failed(problem.code());
      observers.worked(begun.item(), problem.status(), 0);
    } finally {
      begun.events().ifPresent(EventLog::end);
      running.remove(begun.id());
    }
  }

  private byte[] errorEvent(Problem problem, long sequence) {
    return json.bytes(ResponseBody.errorEvent(problem, sequence));
  }

  private void stream(Begun begun, EventLog events) throws InterruptedException {
    int status;
    EventKeeper keeper = new EventKeeper(begun.id(), events, store.events());
    try (keeper) {
      status = streamed(begun, keeper);
    }
    observers.worked(begun.item(), status, keeper.bytes());
  }

  /**
   * @return the status that a client who waits would have got
   */
  private int streamed(Begun begun, EventKeeper keeper) throws InterruptedException {
    ResponseFormat format =
        new ResponseFormat(json, begun.ask(), begun.body(), clock, body -> save(begun, body));
    format.queued(keeper);
    try {
      format.end(begun.answer().each((_, event) -> format.write(event, keeper)), keeper);
      return 200;
    } catch (Problem e) {
      end(format, e, keeper);
      begun.item().notes().failed(e.code());
      return e.status();
    } catch (RuntimeException | Error e) {
      Problem problem = faults.problem(e, "");
      format.breakOff(problem, keeper);
      begun.item().notes().failed(problem.code());
      return problem.status();
    }
  }

  private void end(ResponseFormat format, Problem problem, EventKeeper keeper) {
    if (closed) {
      format.breakOff(Problem.of(503, "server_error", "The server ended."), keeper);
    } else if (problem.code().equals("answer_cancelled")) {
      format.cancelled(keeper);
    } else {
      format.breakOff(problem, keeper);
    }
  }

  /**
   * The events of one that runs here.
   *
   * @return empty where it does not, or is no stream
   */
  Optional<EventLog> events(String id, String owner) {
    return found(id, owner).flatMap(each -> each.begun().events());
  }

  private Optional<Running> found(String id, String owner) {
    return Optional.ofNullable(running.get(id)).filter(r -> r.begun().owner().equals(owner));
  }

  private void save(Begun begun, Map<String, Object> body) {
    store.save(begun.owner(), begun.ask(), body);
  }

  /** Keeps it; one whose conversation does not take it any more has failed. */
  private Outcome kept(Begun begun, Outcome outcome) {
    try {
      save(begun, outcome.body());
      return outcome;
    } catch (Problem e) {
      Outcome failed = failed(begun, ResponseBody.failed(outcome.body(), e), e);
      save(begun, failed.body());
      return failed;
    }
  }

  private static Outcome failed(Begun begun, Map<String, Object> body, Problem why) {
    begun.item().notes().failed(why.code());
    return new Outcome(body, why.status());
  }

  private Outcome computed(Begun begun) throws InterruptedException {
    Map<String, Object> body = begun.body();
    try {
      DetachedAnswer.Result result = begun.answer().await();
      ResponseFormat format = new ResponseFormat(json, begun.ask(), body, clock, _ -> {});
      return new Outcome(format.body(result.choices().getFirst(), result.usage()), 200);
    } catch (Problem e) {
      if (closed) {
        return failed(begun, ResponseBody.failed(body, "The server ended."), e);
      }
      return e.code().equals("answer_cancelled")
          ? failed(begun, ResponseBody.withStatus(body, "cancelled"), e)
          : failed(begun, ResponseBody.failed(body, e.getMessage()), e);
    } catch (RuntimeException | Error e) {
      Problem problem = faults.problem(e, "");
      return failed(begun, ResponseBody.failed(body, problem.getMessage()), problem);
    }
  }

  /**
   * Ends one early, and waits until that is kept.
   *
   * @return whether it was running
   */
  boolean cancel(String id, String owner) throws InterruptedException {
    Optional<Running> found = found(id, owner);
    if (found.isPresent()) {
      found.get().begun().answer().cancel();
      found.get().thread().join();
    }
    return found.isPresent();
  }

  @Override
  public void close() {
    closed = true;
    for (Running each : running.values()) {
      each.begun().answer().cancel();
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
