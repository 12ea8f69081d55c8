package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.generation.Generation.Usage;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the answers to one request took, counted as they come. Owned by one thread. */
public final class AnswerUsage {
  /** The choices whose prompt is that of an earlier one, and counted there. */
  private final Set<Integer> again = new HashSet<>();

  private final Supplier<Optional<Map<String, Object>>> receipt;
  private Optional<Usage> sum = Optional.empty();
  private final int dropped;
  private int reasoningTokens;

  /** Of each choice, the tokens that go with its next part. */
  private final Map<Integer, Integer> tokens = new HashMap<>();

  /**
   * @param requests for the choices, in their order
   * @param receipt asked for when all are complete
   */
  AnswerUsage(List<AnswerRequest> requests, Supplier<Optional<Map<String, Object>>> receipt) {
    this.receipt = receipt;
    dropped = requests.getFirst().fit().dropped();
    Set<Prompt> prompts = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < requests.size(); i++) {
      if (!prompts.add(requests.get(i).prompt())) {
        again.add(i);
      }
    }
  }

  /**
   * @param choice that it happened to
   */
  void add(int choice, AnswerEvent event) {
    switch (event) {
      case AnswerEvent.Progress _ -> {}
      case AnswerEvent.Token _ -> tokens.merge(choice, 1, Integer::sum);
      case AnswerEvent.Reasoning _ -> reasoningTokens += taken(choice);
      case AnswerEvent.Part _ -> taken(choice);
      case AnswerEvent.End end -> {
        Usage usage = counted(choice, end.usage());
        sum = Optional.of(sum.map(before -> sum(before, usage)).orElse(usage));
      }
    }
  }

  private Usage counted(int choice, Usage usage) {
    return again.contains(choice)
        ? new Usage(
            0,
            0,
            usage.completionTokens(),
            usage.queueNanos(),
            usage.prefillNanos(),
            usage.decodeNanos(),
            usage.drafts(),
            usage.droppedTokens())
        : usage;
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
        a.drafts().flatMap(drafts -> b.drafts().map(drafts::plus)),
        a.droppedTokens() + b.droppedTokens());
  }

  /** Of all answers together. */
  public Usage sum() {
    return sum.orElseThrow(() -> new IllegalStateException("no answer is complete"));
  }

  /** What the box signs of the answers, when all are complete; empty where nobody wants that. */
  public Optional<Map<String, Object>> receipt() {
    return receipt.get();
  }

  /** How much of the conversation the context had no room for. */
  public int dropped() {
    return dropped;
  }

  /** How many of the tokens were reasoning. */
  public int reasoningTokens() {
    return reasoningTokens;
  }
}
