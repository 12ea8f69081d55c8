package io.solebox.server.answers;

import io.solebox.engine.generation.ContextShift;
import java.util.Optional;

/**
 * How an answer fits into its context, where a request lets something be dropped for that.
 *
 * @param dropped of what the conversation is made of, that is not in the prompt
 * @param shift what is dropped while it is answered; empty where a full context ends the answer
 */
public record ContextFit(int dropped, Optional<ContextShift> shift) {
  /** Nothing is dropped. */
  public static final ContextFit WHOLE = new ContextFit(0, Optional.empty());

  public ContextFit withDropped(int count) {
    return new ContextFit(count, shift);
  }
}
