package io.solebox.server.batches;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.answers.DetachedWork;
import io.solebox.server.answers.Endpoint;
import io.solebox.server.answers.Terms;
import io.solebox.server.batches.BatchStore.Line;
import io.solebox.server.http.Api;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Observers;
import io.solebox.server.http.Problem;
import io.solebox.server.http.WorkItem;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/**
 * Answers lines of batches, behind everything that people wait for.
 *
 * @param endpoints by path
 * @param owners by what is kept for them
 * @param problems how errors are worded
 * @param observers hear of each line
 * @param patience how long a line waits for a server that is full, before others have their turn
 */
record BatchLines(
    Map<String, Endpoint> endpoints,
    Function<String, Caller> owners,
    JsonWriter json,
    Api.ProblemWriter problems,
    Faults faults,
    Observers observers,
    Duration patience) {
  /** Problems that are gone after a while: the server is full, or ends. */
  private static final Set<String> PASSING =
      Set.of(
          "queue_full",
          "model_loading",
          "server_busy",
          "shutting_down",
          "answer_cancelled",
          ErrorCode.CANCELLED.wireName(),
          ErrorCode.CLOSED.wireName(),
          ErrorCode.HARDWARE_GUARD.wireName(),
          ErrorCode.OUT_OF_MEMORY.wireName());

  private static final long BUSY_MILLIS = 500;

  /** Whether its owner may use no tokens now; it waits then, and lets others go on. */
  boolean isBroke(Batch batch) {
    return owners.apply(batch.owner()).account().noTokens().isPresent();
  }

  /**
   * The answer of a line, which can be an error.
   *
   * @return empty where the server has had no room for it for as long as the patience goes, or
   *     cannot keep it
   */
  Optional<Line> answer(Batch batch, BatchInput.Request request) throws InterruptedException {
    WorkItem item = WorkItem.ofBatch(batch.id(), batch.order().endpoint(), batch.owner());
    OptionalLong busySince = OptionalLong.empty();
    while (true) {
      try {
        return Optional.of(output(request, item, 200, body(batch, request, item)));
      } catch (RuntimeException | Error e) {
        Problem problem = faults.problem(e, "");
        if (e instanceof SoleboxException known && known.code() == ErrorCode.IO_ERROR) {
          return Optional.empty(); // it cannot be kept, and the disk may have room later
        }
        if (!PASSING.contains(problem.code())) {
          return Optional.of(failed(request, item, problem));
        }
      }
      long now = System.nanoTime();
      if (now - busySince.orElse(now) > patience.toNanos()) {
        return Optional.empty();
      }
      busySince = OptionalLong.of(busySince.orElse(now));
      Thread.sleep(BUSY_MILLIS);
    }
  }

  private byte[] body(Batch batch, BatchInput.Request request, WorkItem item)
      throws InterruptedException {
    if (Boolean.TRUE.equals(request.body().get("stream"))) {
      throw Problem.of(400, "invalid_value", "Batches are not streamed.").withParam("stream");
    }
    Terms terms = Terms.USUAL.withUser(batch.owner()).withPriority(Priority.BACKGROUND);
    String path = batch.order().endpoint();
    Terms signed = batch.order().receipts() ? terms.withUsualReceipt() : terms;
    DetachedWork work = new DetachedWork(path, signed, owners.apply(batch.owner()), item.notes());
    return endpoints.get(path).answer(request.body(), work);
  }

  private Line failed(BatchInput.Request request, WorkItem item, Problem problem) {
    item.notes().failed(problem.code());
    return output(request, item, problem.status(), problems.write(problem, item.id()));
  }

  private Line output(BatchInput.Request request, WorkItem item, int status, byte[] body) {
    Map<String, Object> response = new LinkedHashMap<>();
    response.put("status_code", status);
    response.put("request_id", item.id());
    response.put("body", new JsonReader(JsonLimits.LOCAL).read(body));
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("id", "batch_req_" + UUID.randomUUID().toString().replace("-", ""));
    line.put("custom_id", request.customId());
    line.put("response", response);
    line.put("error", null);
    observers.worked(item, status, body.length);
    return new Line(request.number(), status != 200, json.text(line));
  }
}
