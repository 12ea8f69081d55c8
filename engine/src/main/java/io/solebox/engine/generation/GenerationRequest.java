package io.solebox.engine.generation;

import java.time.Duration;
import java.util.Optional;

/**
 * A wish for an answer.
 *
 * @param prompt ids, at least one; not changed by anyone afterwards
 * @param constraint what the answer may say; empty for anything
 * @param adapter name of the adapter that answers; empty for the model alone
 * @param user whose it is, for fairness among users; empty for nobody in particular, and then for a
 *     user of its own
 * @param speculates whether guesses may make it faster, where the model has any; they never change
 *     it
 * @param deadline from submission to the last token; the answer fails when it has passed
 * @param shift what is dropped when the context is full; empty where the answer ends there
 */
public record GenerationRequest(
    int[] prompt,
    SamplingParams sampling,
    Optional<TokenConstraint> constraint,
    Optional<String> adapter,
    Priority priority,
    String user,
    boolean speculates,
    Optional<Duration> deadline,
    Optional<ContextShift> shift) {

  /** Nobody's in particular, without constraint or deadline. */
  public static GenerationRequest of(int[] prompt, SamplingParams sampling) {
    return new GenerationRequest(
        prompt,
        sampling,
        Optional.empty(),
        Optional.empty(),
        Priority.INTERACTIVE,
        "",
        true,
        Optional.empty(),
        Optional.empty());
  }

  public GenerationRequest withConstraint(TokenConstraint value) {
    return new GenerationRequest(
        prompt, sampling, Optional.of(value), adapter, priority, user, speculates, deadline, shift);
  }

  public GenerationRequest withAdapter(String name) {
    return new GenerationRequest(
        prompt,
        sampling,
        constraint,
        Optional.of(name),
        priority,
        user,
        speculates,
        deadline,
        shift);
  }

  public GenerationRequest withPriority(Priority value) {
    return new GenerationRequest(
        prompt, sampling, constraint, adapter, value, user, speculates, deadline, shift);
  }

  public GenerationRequest withUser(String name) {
    return new GenerationRequest(
        prompt, sampling, constraint, adapter, priority, name, speculates, deadline, shift);
  }

  public GenerationRequest withSpeculation(boolean value) {
    return new GenerationRequest(
        prompt, sampling, constraint, adapter, priority, user, value, deadline, shift);
  }

  public GenerationRequest withDeadline(Duration value) {
    return new GenerationRequest(
        prompt,
        sampling,
        constraint,
        adapter,
        priority,
        user,
        speculates,
        Optional.of(value),
        shift);
  }

  /** The same that goes on when the context is full. */
  public GenerationRequest withShift(ContextShift value) {
    return new GenerationRequest(
        prompt,
        sampling,
        constraint,
        adapter,
        priority,
        user,
        speculates,
        deadline,
        Optional.of(value));
  }
}
