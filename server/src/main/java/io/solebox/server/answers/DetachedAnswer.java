package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.util.ArrayList;
import java.util.List;

/** An answer, of one choice or several, that is computed without a client that waits for it. */
public final class DetachedAnswer implements AutoCloseable {
  private final RunningAnswers running;
  private final int choices;

  private DetachedAnswer(RunningAnswers running, int choices) {
    this.running = running;
    this.choices = choices;
  }

  /** All of it, and what it took. */
  public record Result(List<WholeAnswer> choices, AnswerUsage usage) {}

  /**
   * Queues it.
   *
   * @param requests of one model, that stays leased until this is closed
   * @throws Problem 429 if too many wait, 400 if the engine refuses it
   */
  public static DetachedAnswer submit(List<AnswerRequest> requests, Models models, Faults faults) {
    return new DetachedAnswer(RunningAnswers.submit(requests, models, faults), requests.size());
  }

  /** Takes what happens to a choice. */
  @FunctionalInterface
  public interface Taker {
    void take(int choice, AnswerEvent event);
  }

  /**
   * Waits for it.
   *
   * @throws Problem if it broke off; {@code answer_cancelled} if it was cancelled
   */
  public Result await() throws InterruptedException {
    List<WholeAnswer> answers = new ArrayList<>();
    for (int i = 0; i < choices; i++) {
      answers.add(new WholeAnswer());
    }
    AnswerUsage usage = each((choice, event) -> answers.get(choice).add(event));
    return new Result(answers, usage);
  }

  /**
   * Takes it as it comes.
   *
   * @throws Problem as {@link #await}
   */
  public AnswerUsage each(Taker taker) throws InterruptedException {
    AnswerUsage usage = running.usage();
    try {
      running.each(
          (choice, event) -> {
            requireWanted(event);
            usage.add(choice, event);
            taker.take(choice, event);
          });
      return usage;
    } catch (SoleboxException e) {
      throw running.failed(e);
    }
  }

  private static void requireWanted(AnswerEvent event) {
    if (event instanceof End end && end.reason() == Reason.CANCELLED) {
      throw Problem.of(503, "answer_cancelled", "The answer was cancelled.");
    }
  }

  /** Ends it early. From any thread. */
  public void cancel() {
    running.cancel();
  }

  @Override
  public void close() {
    running.close();
  }
}
