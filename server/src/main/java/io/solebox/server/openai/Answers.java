package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.End;
import io.solebox.engine.answer.AnswerEvent.Part;
import io.solebox.engine.answer.AnswerEvent.Reason;
import io.solebox.engine.answer.AnswerEvent.Text;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Api;
import io.solebox.server.http.ClientGoneException;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;
import io.solebox.server.models.Models;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs answers from their submission to their last byte. The generations end with the handler,
 * whatever happens; a client that goes away or a stop of the server end them earlier.
 */
final class Answers {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  private final Models models;
  private final Faults faults;
  private final Api.ProblemWriter problems;

  Answers(Models models, Faults faults, Api.ProblemWriter problems) {
    this.models = models;
    this.faults = faults;
    this.problems = problems;
  }

  /**
   * @param requests of one model, for the choices of one answer
   */
  void answer(List<AnswerRequest> requests, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    try (Running running = new Running()) {
      for (AnswerRequest request : requests) {
        running.submit(request);
      }
      if (requests.getFirst().stream()) {
        stream(requests.getFirst(), running, format, exchange);
      } else {
        whole(running, format, exchange);
      }
    }
  }

  /** The answers to one request. */
  private final class Running implements AutoCloseable {
    private final List<AnswerEvents> answers = new ArrayList<>();
    private final List<Registration> places = new ArrayList<>();
    private Optional<AnswerRequest> first = Optional.empty();

    void submit(AnswerRequest request) {
      first = first.or(() -> Optional.of(request));
      places.add(models.enter(request.named()));
      try {
        answers.add(AnswerEvents.submit(request));
      } catch (SoleboxException e) {
        throw failed(e);
      }
    }

    void cancel() {
      answers.forEach(AnswerEvents::close);
    }

    Problem failed(SoleboxException e) {
      models.failed(first.orElseThrow().named(), e);
      return faults.problem(e, first.orElseThrow().promptParam());
    }

    /** All of them are complete. */
    void answered() {
      models.answered(first.orElseThrow().named());
    }

    @Override
    public void close() {
      cancel();
      places.forEach(Registration::close);
    }
  }

  private void whole(Running running, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    List<WholeAnswer> choices = new ArrayList<>();
    UsageCount usage = new UsageCount();
    try (Registration _ = exchange.cancelWith(running::cancel)) {
      for (AnswerEvents events : running.answers) {
        WholeAnswer choice = new WholeAnswer();
        for (var event = events.next(); event.isPresent(); event = events.next()) {
          choice.add(event.get());
          usage.add(event.get());
        }
        requireEnded(choice.end().reason(), exchange);
        choices.add(choice);
      }
      running.answered();
    } catch (SoleboxException e) {
      throw running.failed(e);
    }
    exchange.send(200, "application/json", format.whole(choices, usage));
  }

  private void stream(
      AnswerRequest request, Running running, AnswerFormat format, Exchange exchange)
      throws InterruptedException {
    try (EventStream out = exchange.startEvents();
        Registration _ = exchange.cancelWith(running::cancel)) {
      try {
        UsageCount usage = new UsageCount();
        format.firstChunk().ifPresent(out::send);
        for (int i = 0; i < running.answers.size(); i++) {
          AnswerEvents events = running.answers.get(i);
          ChoiceStream choice = new ChoiceStream(i, format, out);
          for (var event = events.next(); event.isPresent(); event = events.next()) {
            usage.add(event.get());
            choice.write(event.get(), exchange);
          }
        }
        running.answered();
        if (request.includeUsage()) {
          out.send(format.usageChunk(usage));
        }
        out.send(DONE);
      } catch (SoleboxException e) {
        // The status is sent; what is left is an event that clients take for an error.
        out.send(problems.write(running.failed(e)));
      } catch (Problem e) {
        out.send(problems.write(e));
      }
    }
  }

  /** One choice of a stream: its tokens wait for the part that they go with. */
  private static final class ChoiceStream {
    private final int index;
    private final AnswerFormat format;
    private final EventStream out;
    private final List<Token> tokens = new ArrayList<>();

    ChoiceStream(int index, AnswerFormat format, EventStream out) {
      this.index = index;
      this.format = format;
      this.out = out;
    }

    void write(AnswerEvent event, Exchange exchange) {
      switch (event) {
        case Token token -> tokens.add(token);
        case Part part -> write(part);
        case End end -> {
          if (!tokens.isEmpty()) {
            write(new Text(""));
          }
          requireEnded(end.reason(), exchange);
          out.send(format.lastChunk(index, end.reason()));
        }
      }
    }

    private void write(Part part) {
      format
          .chunk(index, part, List.copyOf(tokens))
          .ifPresent(
              chunk -> {
                out.send(chunk);
                tokens.clear();
              });
    }
  }

  /** That nothing outside has ended the answer. */
  private static void requireEnded(Reason reason, Exchange exchange) {
    if (reason == Reason.CANCELLED) {
      if (exchange.clientGone()) {
        throw new ClientGoneException();
      }
      throw Problem.draining();
    }
  }
}
