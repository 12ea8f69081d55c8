package io.solebox.engine.answer;

import io.solebox.engine.generation.Generation;
import io.solebox.engine.generation.Generation.Logprobs;
import io.solebox.engine.generation.Generation.Usage;
import java.util.Optional;

/** What happens in an answer, for those who write it down: as JSON, as a stream, on a terminal. */
public sealed interface AnswerEvent {
  /** Nothing is said yet. */
  sealed interface Progress extends AnswerEvent {}

  /**
   * The answer waits for its turn.
   *
   * @param ahead requests that are before it
   */
  record Waiting(int ahead) implements Progress {}

  /**
   * The prompt's turn has come, or a part of it was computed.
   *
   * @param computed tokens so far, those from the prefix cache included
   * @param cached tokens that the prefix cache had
   */
  record Prefilling(int computed, int cached, int total) implements Progress {}

  /** Something that the model says or does; what an {@link AnswerParser} makes of its text. */
  sealed interface Part extends AnswerEvent {}

  /** More of the answer proper. */
  record Text(String text) implements Part {}

  /** More of what the model thinks before it answers. */
  record Reasoning(String text) implements Part {}

  /**
   * The model calls a tool.
   *
   * @param index of the call in the answer, from 0
   * @param id the model's own, where its format has one
   */
  record ToolCallStart(int index, Optional<String> id, String name) implements Part {}

  /**
   * More of a call's arguments. All fragments of a call together are one JSON object, unless the
   * answer was cut off inside it.
   */
  record ToolCallArguments(int index, String fragment) implements Part {}

  /**
   * A call turned out to be none: it is malformed. All that was written of it follows as text; who
   * has not passed the call on yet forgets it.
   */
  record ToolCallBroken(int index) implements Part {}

  /**
   * A token of the answer; comes before the part that its text begins in.
   *
   * @param offset where its text begins in all that was generated, in UTF-16 units
   */
  record Token(int id, long offset, Optional<Logprobs> logprobs) implements AnswerEvent {}

  /**
   * The answer is complete.
   *
   * @param stop the stop string that ended it, if one did
   */
  record End(Reason reason, Usage usage, Optional<String> stop) implements AnswerEvent {
    /** One that no stop string ended. */
    public End(Reason reason, Usage usage) {
      this(reason, usage, Optional.empty());
    }
  }

  /** Why an answer ended. */
  enum Reason {
    /** The model ended it, or a stop id or stop string was met. */
    STOP,
    /** {@code maxTokens} or the context is used up. */
    LENGTH,
    /** The model ended it to hear from the tools that it called. */
    TOOL_CALLS,
    /** Closed by its owner. */
    CANCELLED;

    static Reason of(Generation.FinishReason reason, boolean calls) {
      return switch (reason) {
        case STOP -> calls ? TOOL_CALLS : STOP;
        case LENGTH -> LENGTH;
        case CANCELLED -> CANCELLED;
      };
    }
  }
}
