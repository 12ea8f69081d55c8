package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import java.util.List;

/**
 * How an API writes one answer: whole, or as a stream. One object per answer, called by one thread
 * at a time. Each thing it sends is one JSON text on one line.
 */
public interface AnswerFormat {
  /** How its streams are framed. */
  default EventStream.Framing framing() {
    return EventStream.Framing.EVENTS;
  }

  /** Whether it writes the receipt of {@link AnswerUsage#receipt}. */
  default boolean givesReceipts() {
    return true;
  }

  /** What a stream begins with, before anything is said. */
  void begin(EventStream out);

  /**
   * Something happened to one choice; the last is its end. Choices of one stream may take turns.
   *
   * @param choice its index
   */
  void write(int choice, AnswerEvent event, EventStream out);

  /** All choices are complete. */
  void end(AnswerUsage usage, EventStream out);

  /** The stream breaks off. */
  void breakOff(Problem problem, EventStream out);

  /**
   * @param choices complete
   */
  byte[] whole(List<WholeAnswer> choices, AnswerUsage usage);
}
