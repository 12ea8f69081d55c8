package io.solebox.engine.generation;

import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Optional;

/**
 * One running answer: token ids come out of {@link #next()} as the engine loop makes them. The
 * queue behind it holds all tokens the answer may have, so the loop never waits for its reader.
 */
public interface Generation extends AutoCloseable {
  /**
   * Waits for the next event. After {@link End} or {@link Failed} there is none, and this throws.
   */
  Event next() throws InterruptedException;

  /**
   * Cancels if still running; its KV blocks are free at the next step. Never blocks, never throws.
   */
  @Override
  void close();

  /** What happens to an answer. */
  sealed interface Event {}

  /**
   * It waits for its turn. Told when it begins to wait, and again when a quarter of those before it
   * have gone.
   *
   * @param ahead requests that are before it
   */
  record Queued(int ahead) implements Event {}

  /**
   * The prompt's turn has come, or a part of it was computed.
   *
   * @param computed positions so far, those from the prefix cache included
   * @param cached positions that the prefix cache had
   */
  record Prefilling(int computed, int cached, int total) implements Event {}

  /**
   * A token that belongs to the answer (a stop id does not).
   *
   * @param guessed whether somebody had guessed it ahead
   */
  record Token(int id, Optional<Logprobs> logprobs, boolean guessed) implements Event {
    /** One that nobody had guessed. */
    public Token(int id, Optional<Logprobs> logprobs) {
      this(id, logprobs, false);
    }
  }

  /** The answer is complete. */
  record End(FinishReason reason, Usage usage) implements Event {}

  /** The answer broke off; the tokens before stay valid. */
  record Failed(SoleboxException error) implements Event {}

  /** Why an answer ended. */
  enum FinishReason {
    /** The model ended it, or a stop id or stop string was met. */
    STOP,
    /** {@code maxTokens} or the context is used up. */
    LENGTH,
    /** Closed by its owner. */
    CANCELLED
  }

  /**
   * Natural logs of the model's own probabilities, before bias, penalties and temperature.
   *
   * @param top the most likely ids, best first, as many as were asked for
   */
  record Logprobs(float chosen, List<Candidate> top) {}

  /** One alternative. */
  record Candidate(int id, float logprob) {}

  /**
   * What an answer took.
   *
   * @param cachedTokens prompt tokens found in the prefix cache
   * @param queueNanos from submission to the first step
   * @param prefillNanos from the first step to the first token
   * @param decodeNanos from the first token to the last
   * @param drafts empty where nobody guesses ahead
   * @param droppedTokens of prompt and answer, that a {@link ContextShift} left out on the way
   */
  record Usage(
      int promptTokens,
      int cachedTokens,
      int completionTokens,
      long queueNanos,
      long prefillNanos,
      long decodeNanos,
      Optional<Drafts> drafts,
      int droppedTokens) {
    /** Of an answer for which nobody guessed, and of which nothing was dropped. */
    public Usage(
        int promptTokens,
        int cachedTokens,
        int completionTokens,
        long queueNanos,
        long prefillNanos,
        long decodeNanos) {
      this(
          promptTokens,
          cachedTokens,
          completionTokens,
          queueNanos,
          prefillNanos,
          decodeNanos,
          Optional.empty(),
          0);
    }
  }

  /**
   * Ids that were guessed ahead.
   *
   * @param drafted ids that were guessed and computed
   * @param accepted those that were right, and are in the answer
   */
  record Drafts(int drafted, int accepted) {
    public int rejected() {
      return drafted - accepted;
    }

    public Drafts plus(Drafts other) {
      return new Drafts(drafted + other.drafted, accepted + other.accepted);
    }
  }
}
