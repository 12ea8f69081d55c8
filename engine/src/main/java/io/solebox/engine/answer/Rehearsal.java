package io.solebox.engine.answer;

import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.Generation;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Reads ids as the answer that a model would have given with them. */
final class Rehearsal {
  private Rehearsal() {}

  /**
   * @param prompt that they answer
   */
  static List<AnswerEvent> of(int[] ids, Tokenizer tokenizer, Prompt prompt) {
    List<AnswerEvent> events = new ArrayList<>();
    try (var stream = new AnswerStream(new Said(ids), tokenizer, List.of(), prompt, true)) {
      for (var event = stream.next(); event.isPresent(); event = stream.next()) {
        events.add(event.get());
      }
      return events;
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing is waited for", e);
    }
  }

  /** An answer that is known already. */
  private static final class Said implements Generation {
    private final Deque<Event> events = new ArrayDeque<>();

    Said(int[] ids) {
      Arrays.stream(ids).mapToObj(id -> new Token(id, Optional.empty())).forEach(events::add);
      events.add(new End(FinishReason.STOP, new Usage(0, 0, ids.length, 0, 0, 0)));
    }

    @Override
    public Event next() {
      return events.remove();
    }

    @Override
    public void close() {}
  }
}
