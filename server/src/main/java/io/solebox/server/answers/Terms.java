package io.solebox.server.answers;

import io.solebox.engine.generation.GenerationRequest;
import io.solebox.engine.generation.Priority;
import io.solebox.engine.generation.Requester;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.server.http.Caller;
import io.solebox.server.http.Exchange;
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

  /**
   * These as a client may have them. Where there are keys or accounts, it is their owners who
   * share: a name in a request is anybody's. Who is not named is known by his connection, or one
   * with many requests would be many users.
   */
  public Terms of(Exchange exchange) {
    String key = exchange.caller().map(Caller::owner).orElse("");
    String named = user.isEmpty() ? exchange.peer().name() : user;
    Terms its = withUser(key.isEmpty() ? named : key);
    return exchange.account().limits().background() ? its.withPriority(Priority.BACKGROUND) : its;
  }

  public Terms withPriority(Priority value) {
    return new Terms(user, value, deadline);
  }

  public Terms withDeadline(Duration time) {
    return new Terms(user, priority, Optional.of(time));
  }

  /** The {@code service_tier} that answers tell. */
  public String tier() {
    return switch (priority) {
      case INTERACTIVE -> "default";
      case BACKGROUND -> "flex";
    };
  }

  /** As the engine knows who asks. */
  Requester requester() {
    return new Requester(user, priority);
  }

  GenerationRequest request(
      int[] prompt, SamplingParams params, Optional<TokenConstraint> constraint) {
    return new GenerationRequest(
        prompt,
        params,
        constraint,
        Optional.empty(),
        priority,
        user,
        true,
        deadline,
        Optional.empty());
  }
}
