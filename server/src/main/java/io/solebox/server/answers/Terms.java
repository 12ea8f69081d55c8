package io.solebox.server.answers;

import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import java.time.Duration;
import java.util.Optional;

/**
 * On what terms an answer is made.
 *
 * @param user whose it is, for fairness among users; empty for nobody in particular
 * @param deadline from submission to the last token
 */
public record Terms(String user, Priority priority, Optional<Duration> deadline) {
  /** Somebody waits for it, and nobody knows who. */
  public static final Terms USUAL = new Terms("", Priority.INTERACTIVE, Optional.empty());

  public Terms withUser(String name) {
    return new Terms(name, priority, deadline);
  }

  /** The same where somebody is named already. */
  Terms orUser(String name) {
    return user.isEmpty() ? withUser(name) : this;
  }

  public Terms withPriority(Priority value) {
    return new Terms(user, value, deadline);
  }

  public Terms withDeadline(Duration time) {
    return new Terms(user, priority, Optional.of(time));
  }

  GenerationRequest request(
      int[] prompt, SamplingParams params, Optional<TokenConstraint> constraint) {
    return new GenerationRequest(
        prompt, params, constraint, Optional.empty(), priority, user, true, deadline);
  }
}
