package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.models.Models;
import io.solebox.server.receipts.ReceiptWish;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs answers from their submission to their last byte. The generations end with the handler,
 * whatever happens; a client that goes away or a stop of the server end them earlier.
 */
public final class Answers {
  /** How many answers waited for the model when a request was accepted. */
  static final String QUEUE_POSITION = "X-Solebox-Queue-Position";

  /** How much of a conversation the context had no room for, in the words of its API. */
  private static final String DROPPED = "X-Solebox-Dropped";

  private final Models models;
  private final Faults faults;

  public Answers(Models models, Faults faults) {
    this.models = models;
    this.faults = faults;
  }

  /**
   * Answers an exchange.
   *
   * @param requests of one model, for the choices of one answer
   * @param stream whether it is written as it comes
   * @throws Problem as long as no answer has begun
   */
  public void answer(
      List<AnswerRequest> requests, boolean stream, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    List<AnswerRequest> bound =
        requests.stream().map(each -> signed(each.of(exchange), format)).toList();
    int dropped = requests.getFirst().fit().dropped();
    if (dropped > 0) {
      exchange.setHeader(DROPPED, String.valueOf(dropped));
    }
    try (RunningAnswers running = submit(bound)) {
      exchange.setHeader(QUEUE_POSITION, Integer.toString(running.ahead()));
      if (stream) {
        stream(running, format, exchange);
      } else {
        List<WholeAnswer> choices = choices(requests.size());
        AnswerUsage usage = running.usage();
        try (Registration _ = exchange.cancelWith(running::cancel)) {
          running.each((choice, event) -> add(choice, event, choices, usage, exchange));
        } catch (SoleboxException e) {
          throw running.failed(e);
        }
        exchange.send(200, "application/json", format.whole(choices, usage));
      }
    }
  }

  /**
   * Answers nobody who waits.
   *
   * @return as {@code format} writes it whole
   * @throws Problem whatever goes wrong
   */
  public byte[] detached(List<AnswerRequest> requests, AnswerFormat format)
      throws InterruptedException {
    List<AnswerRequest> bound = requests.stream().map(each -> signed(each, format)).toList();
    try (DetachedAnswer answer = DetachedAnswer.submit(bound, models, faults)) {
      DetachedAnswer.Result result = answer.await();
      return format.whole(result.choices(), result.usage());
    }
  }

  /**
   * Queues answers.
   *
   * @throws Problem 429 if too many wait, 400 if the engine refuses one
   */
  RunningAnswers submit(List<AnswerRequest> requests) {
    return RunningAnswers.submit(requests, models, faults);
  }

  private static List<WholeAnswer> choices(int count) {
    List<WholeAnswer> choices = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      choices.add(new WholeAnswer());
    }
    return choices;
  }

  private static void add(
      int choice,
      AnswerEvent event,
      List<WholeAnswer> choices,
      AnswerUsage usage,
      Exchange exchange) {
    requireWanted(event, exchange);
    choices.get(choice).add(event);
    usage.add(choice, event);
  }

  /** Where there are no receipts, one that was asked for is refused, and a usual one left away. */
  private static AnswerRequest signed(AnswerRequest request, AnswerFormat format) {
    if (format.givesReceipts()) {
      return request;
    }
    if (request.terms().receipt().insists()) {
      throw Problem.of(
              400,
              "unsupported_parameter",
              "Answers have no receipts here; those of /v1/completions have.")
          .withParam("receipt");
    }
    return request.withTerms(request.terms().withReceipt(new ReceiptWish.None()));
  }

  private static void stream(RunningAnswers running, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    try (EventStream out = exchange.startStream(format.framing());
        Registration _ = exchange.cancelWith(running::cancel)) {
      try {
        AnswerUsage usage = running.usage();
        format.begin(out);
        running.each(
            (choice, event) -> {
              requireWanted(event, exchange);
              usage.add(choice, event);
              format.write(choice, event, out);
            });
        format.end(usage, out);
      } catch (SoleboxException e) {
        // The status is sent; what is left is an event that clients take for an error.
        format.breakOff(running.failed(e), out);
      } catch (Problem e) {
        exchange.notes().failed(e.code());
        format.breakOff(e, out);
      }
    }
  }

  /** That nothing outside has ended the answer. */
  private static void requireWanted(AnswerEvent event, Exchange exchange) {
    if (event instanceof End end && end.reason() == Reason.CANCELLED) {
      throw exchange.cancelled();
    }
  }
}
