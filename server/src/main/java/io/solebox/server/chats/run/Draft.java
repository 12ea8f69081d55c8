package io.solebox.server.chats.run;

import io.solebox.engine.answer.AnswerEvent;
import io.solebox.engine.answer.AnswerEvent.Token;
import io.solebox.engine.answer.WholeAnswer;
import io.solebox.engine.generation.Generation.Usage;
import io.solebox.server.chats.store.Call;
import io.solebox.server.chats.store.Message;
import io.solebox.server.chats.store.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** An answer as far as it is said, and what it has taken. Guarded by its log. */
final class Draft {
  private static final String REASONING_MS = "reasoning_ms";

  private Message begun;
  private WholeAnswer whole = new WholeAnswer();
  private long since = System.nanoTime();
  private OptionalLong promptSince = OptionalLong.empty();
  private OptionalLong firstToken = OptionalLong.empty();
  private OptionalLong thoughtSince = OptionalLong.empty();
  private OptionalLong thoughtUntil = OptionalLong.empty();
  private long lastToken = since;
  private int promptTokens;
  private int cachedTokens;
  private int tokens;

  /**
   * @param begun as it was before; what is said is added to its text
   */
  Draft(Message begun) {
    this.begun = begun;
  }

  /**
   * @param logprobs whether its tokens have probabilities
   */
  void answeredBy(String model, boolean logprobs) {
    begun = begun.with("model", model);
    if (logprobs) {
      begun = begun.with("logprobs", true);
    }
  }

  void add(AnswerEvent event) {
    long now = System.nanoTime();
    whole.add(event);
    switch (event) {
      case AnswerEvent.Prefilling(int _, int cached, int total) -> {
        promptSince = OptionalLong.of(promptSince.orElse(now));
        promptTokens = total;
        cachedTokens = cached;
      }
      case Token _ -> {
        tokens++;
        lastToken = now;
        firstToken = OptionalLong.of(firstToken.orElse(now));
      }
      case AnswerEvent.Reasoning _ -> {
        thoughtSince = OptionalLong.of(thoughtSince.orElse(now));
        thoughtUntil = OptionalLong.of(now);
      }
      case AnswerEvent.Waiting _, AnswerEvent.Part _, AnswerEvent.End _ -> {}
    }
  }

  /** The message as it is now. */
  Message message() {
    Message now =
        begun
            .withText(begun.text() + whole.text())
            .withReasoning(begun.reasoning() + whole.reasoning());
    if (thoughtSince.isPresent()) {
      long nanos = thoughtUntil.getAsLong() - thoughtSince.getAsLong();
      now = now.with(REASONING_MS, TimeUnit.NANOSECONDS.toMillis(nanos));
    }
    return whole.toolCalls().isEmpty() ? now : now.with("tool_calls", calls());
  }

  /**
   * What was said becomes a step, and what comes next follows it.
   *
   * @param told of the step beside what it says
   * @param needsQuestion whether somebody must be asked before a tool is called, by its name
   */
  Step step(Map<String, Object> told, Predicate<String> needsQuestion) {
    Message now = message();
    Map<String, Object> about = new LinkedHashMap<>(told);
    Optional.ofNullable(now.about().get(REASONING_MS)).ifPresent(ms -> about.put(REASONING_MS, ms));
    List<Call> calls = new ArrayList<>();
    for (WholeAnswer.ToolCall call : whole.toolCalls()) {
      Call.State state = needsQuestion.test(call.name()) ? Call.State.ASKED : Call.State.APPROVED;
      String id = "call_%d_%d".formatted(begun.steps().size() + 1, calls.size() + 1);
      calls.add(Call.made(id, call.name(), call.arguments(), state));
    }
    Step step = new Step(now.text(), now.reasoning(), calls, about);
    List<Step> steps = new ArrayList<>(begun.steps());
    steps.add(step);
    begun = begun.withText("").withReasoning("").withSteps(steps);
    again();
    return step;
  }

  private void again() {
    whole = new WholeAnswer();
    since = System.nanoTime();
    lastToken = since;
    promptSince = OptionalLong.empty();
    firstToken = OptionalLong.empty();
    thoughtSince = OptionalLong.empty();
    thoughtUntil = OptionalLong.empty();
    promptTokens = 0;
    cachedTokens = 0;
    tokens = 0;
  }

  /** It is based on these. */
  void basedOn(List<Map<String, Object>> sources) {
    begun = begun.with(Message.SOURCES, sources);
  }

  /** A call is further than it was. */
  void put(Call call) {
    begun = begun.with(call);
  }

  /** As messages of {@code /v1/chat/completions} have them. */
  private List<Object> calls() {
    List<Object> calls = new ArrayList<>();
    for (WholeAnswer.ToolCall call : whole.toolCalls()) {
      Map<String, Object> function = new LinkedHashMap<>();
      function.put("name", call.name());
      function.put("arguments", call.arguments());
      Map<String, Object> made = new LinkedHashMap<>();
      made.put("id", call.id().orElse("call_" + begun.id() + "_" + calls.size()));
      made.put("type", "function");
      made.put("function", function);
      calls.add(made);
    }
    return calls;
  }

  /**
   * What it took.
   *
   * @param counted by the engine, where it came to its end
   */
  Map<String, Object> usage(Optional<Usage> counted) {
    long now = System.nanoTime();
    long first = firstToken.orElse(now);
    Usage usage =
        counted.orElseGet(
            () -> {
              long prompt = promptSince.orElse(first);
              return new Usage(
                  promptTokens,
                  cachedTokens,
                  tokens,
                  prompt - since,
                  first - prompt,
                  Math.max(0, lastToken - first));
            });
    Map<String, Object> told = new LinkedHashMap<>();
    told.put("prompt_tokens", usage.promptTokens());
    told.put("cached_tokens", usage.cachedTokens());
    told.put("completion_tokens", usage.completionTokens());
    told.put("tokens_per_second", perSecond(usage.completionTokens() - 1, usage.decodeNanos()));
    int computed = usage.promptTokens() - usage.cachedTokens();
    told.put("prompt_per_second", perSecond(computed, usage.prefillNanos()));
    told.put("ttft_ms", TimeUnit.NANOSECONDS.toMillis(first - since));
    told.put("total_ms", TimeUnit.NANOSECONDS.toMillis(now - since));
    told.put("queue_ms", TimeUnit.NANOSECONDS.toMillis(usage.queueNanos()));
    return told;
  }

  private static double perSecond(int count, long nanos) {
    return nanos > 0 && count > 0 ? Math.rint(count * 1e11 / nanos) / 100 : 0;
  }
}
