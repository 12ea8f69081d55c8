package io.solebox.server.answers;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.generation.ContextShift;
import io.solebox.engine.generation.SamplingParams;
import io.solebox.engine.generation.TokenConstraint;
import io.solebox.server.http.Exchange;
import io.solebox.server.models.Models;
import io.solebox.server.receipts.ReceiptWish;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * A checked request for one answer, whatever API it came by.
 *
 * @param promptParam the parameter that the prompt came from
 * @param stops stop strings
 * @param tools that were offered, as chat templates take them: without any, what looks like a call
 *     is text
 * @param calls what the request says about them
 * @param constraint makes what the answer may say; one object per answer
 * @param structures that it is held to by that
 * @param echo what comes before the answer
 * @param fit what is left away for the context
 */
public record AnswerRequest(
    Models.Named named,
    Prompt prompt,
    String promptParam,
    SamplingParams params,
    List<String> stops,
    List<Map<String, Object>> tools,
    CallRules calls,
    Optional<Supplier<TokenConstraint>> constraint,
    List<Structure> structures,
    Terms terms,
    Optional<Echo> echo,
    ContextFit fit) {
  /**
   * The prompt as a part of the answer.
   *
   * @param alone whether no answer is wanted
   */
  public record Echo(String text, boolean alone) {}

  /** An answer that goes on for ever is none; as Ollama has it. */
  private static final int MAX_CONTEXTS = 10;

  /** One without tools, constraint and echo, on the usual terms. */
  public static AnswerRequest of(
      Models.Named named,
      Prompt prompt,
      String promptParam,
      SamplingParams params,
      List<String> stops) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        List.of(),
        CallRules.FREE,
        Optional.empty(),
        List.of(),
        Terms.USUAL,
        Optional.empty(),
        ContextFit.WHOLE);
  }

  /**
   * How many tokens an answer to a prompt can have.
   *
   * @param wished what the context has no room for is left away
   */
  public static int maxTokens(Models.Named named, Prompt prompt, OptionalInt wished) {
    return maxTokens(named.model().contextTokens(), prompt, wished, Optional.empty());
  }

  /**
   * The same of an answer that may go on when its context is full.
   *
   * @param window tokens of prompt and answer together, where it does not go on
   */
  public static int maxTokens(
      int window, Prompt prompt, OptionalInt wished, Optional<ContextShift> shift) {
    if (shift.isPresent()) {
      return wished.orElse(MAX_CONTEXTS * shift.get().window());
    }
    int room = Math.max(1, window - prompt.ids().length);
    return Math.clamp(wished.orElse(room), 1, room);
  }

  public AnswerRequest withTools(List<Map<String, Object>> values) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        values,
        calls,
        constraint,
        structures,
        terms,
        echo,
        fit);
  }

  public AnswerRequest withCalls(CallRules value) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        tools,
        value,
        constraint,
        structures,
        terms,
        echo,
        fit);
  }

  public AnswerRequest withParams(SamplingParams value) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        value,
        stops,
        tools,
        calls,
        constraint,
        structures,
        terms,
        echo,
        fit);
  }

  /** The same with a further constraint: what the answer may say is what all of them allow. */
  public AnswerRequest withConstraint(Supplier<TokenConstraint> value) {
    Supplier<TokenConstraint> all =
        constraint
            .<Supplier<TokenConstraint>>map(
                first -> () -> new BothConstraints(first.get(), value.get()))
            .orElse(value);
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        tools,
        calls,
        Optional.of(all),
        structures,
        terms,
        echo,
        fit);
  }

  /** The same with a further structure, to which its constraint holds it. */
  public AnswerRequest withStructure(Structure value) {
    List<Structure> all = new ArrayList<>(structures);
    all.add(value);
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        tools,
        calls,
        constraint,
        List.copyOf(all),
        terms,
        echo,
        fit);
  }

  public AnswerRequest withTerms(Terms value) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        tools,
        calls,
        constraint,
        structures,
        value,
        echo,
        fit);
  }

  public AnswerRequest withFit(ContextFit value) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        tools,
        calls,
        constraint,
        structures,
        terms,
        echo,
        value);
  }

  /** The same as a client may have it. */
  public AnswerRequest of(Exchange exchange) {
    return withTerms(terms.of(exchange));
  }

  /** The same on the terms of work that nobody waits for; a new receipt is its own wish. */
  public AnswerRequest of(DetachedWork work) {
    ReceiptWish wish =
        work.terms().receipt() instanceof ReceiptWish.Again again
            ? again
            : terms.receipt().or(work.terms().receipt()).at(work.path());
    return withTerms(work.terms().withReceipt(wish));
  }

  public AnswerRequest withEcho(String text, boolean alone) {
    return new AnswerRequest(
        named,
        prompt,
        promptParam,
        params,
        stops,
        tools,
        calls,
        constraint,
        structures,
        terms,
        Optional.of(new Echo(text, alone)),
        fit);
  }

  public String modelName() {
    return named.name();
  }

  public LoadedModel model() {
    return named.model();
  }
}
