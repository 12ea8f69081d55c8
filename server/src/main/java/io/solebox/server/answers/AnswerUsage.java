package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.generation.Generation.Usage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the answers to one request took, counted as they come. Owned by one thread. */
public final class AnswerUsage {
  private Optional<Usage> sum = Optional.empty();
  private int reasoningTokens;

  /** Of each choice, the tokens that go with its next part. */
  private final Map<Integer, Integer> tokens = new HashMap<>();

  /**
   * @param choice that it happened to
   */
  void add(int choice, AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Progress _ -> {}
      case AnswerEvent.Token _ -> tokens.merge(choice, 1, Integer::sum);
      case AnswerEvent.Reasoning _ -> reasoningTokens += taken(choice);
      case AnswerEvent.Part _ -> taken(choice);
      case AnswerEvent.End end ->
          sum = Optional.of(sum.map(before -> sum(before, end.usage())).orElse(end.usage()));
    }
  }

  private int taken(int choice) {
    return Optional.ofNullable(tokens.remove(choice)).orElse(0);
  }

  private static Usage sum(Usage a, Usage b) {
    return new Usage(
        a.promptTokens() + b.promptTokens(),
        a.cachedTokens() + b.cachedTokens(),
        a.completionTokens() + b.completionTokens(),
        Math.max(a.queueNanos(), b.queueNanos()),
        a.prefillNanos() + b.prefillNanos(),
        Math.max(a.decodeNanos(), b.decodeNanos()),
        a.drafts().flatMap(drafts -> b.drafts().map(drafts::plus)));
  }

  /** Of all answers together. */
  public Usage sum() {
    return sum.orElseThrow(() -> new IllegalStateException("no answer is complete"));
  }

  /** How many of the tokens were reasoning. */
  public int reasoningTokens() {
    return reasoningTokens;
  }
}
