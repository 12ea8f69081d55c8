package io.solebox.server.answers;

import io.solebox.engine.answer.CallEnvelope;
import io.solebox.engine.answer.CallGrammar;
import io.solebox.engine.answer.StructuredCourse;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.constrain.structure.Structures;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.answers.CallRules.Strict;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Problem;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Holds the arguments of calls to the schemas of their tools. */
final class StrictCalls {
  private StrictCalls() {}

  /**
   * @param input that the prompt was made of
   * @throws Problem 400 if a schema cannot be honoured in full, or nobody knows how the model
   *     writes calls
   */
  static AnswerRequest hold(AnswerRequest request, ChatInput input, Clock clock)
      throws InterruptedException {
    LoadedModel model = request.model();
    Structures structures = model.structures();
    for (Strict strict : request.calls().strict().values()) {
      compileAlone(structures, strict);
    }
    CallGrammar calls =
        new CallGrammar(
            envelope(request, input, clock),
            arguments(request),
            request.calls().required(),
            request.calls().single());
    CompiledGrammar grammar = structures.compile(calls, _ -> calls.grammar(model.tokenizer()));
    return request.withConstraint(
        () ->
            StructuredCourse.of(
                model.tokenizer(),
                structures,
                request.prompt(),
                structures.begin(grammar),
                structures.begin(grammar)));
  }

  /** So that it is clear which of several is refused. */
  private static void compileAlone(Structures structures, Strict strict)
      throws InterruptedException {
    try {
      structures.compile(strict.schema());
    } catch (SoleboxException e) {
      throw Refusals.of(e, strict.schemaParam());
    }
  }

  private static CallEnvelope envelope(AnswerRequest request, ChatInput input, Clock clock) {
    LoadedModel model = request.model();
    String param = request.calls().strict().values().iterator().next().param();
    try {
      Optional<CallEnvelope> found =
          CallEnvelope.of(model.prompts(), model.tokenizer(), input, clock);
      return found
          .filter(envelope -> request.calls().required() || !envelope.marks().isEmpty())
          .orElseThrow(() -> unsupported(param, request.modelName()));
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, param);
    }
  }

  private static Problem unsupported(String param, String model) {
    return Problem.of(
            400,
            "unsupported_parameter",
            "Unsupported parameter: '%s'. How '%s' writes calls does not let arguments be held to a schema. Leave it out, or ask for the call with 'tool_choice'."
                .formatted(param, model))
        .withParam(param);
  }

  /** Of the tools that may be called; any object where nothing is said. */
  private static Map<String, Structure> arguments(AnswerRequest request) {
    Map<String, Structure> arguments = new LinkedHashMap<>();
    for (Map<String, Object> tool : request.tools()) {
      String name = (String) ((Map<?, ?>) tool.get("function")).get("name");
      if (request.calls().names().isEmpty() || request.calls().names().contains(name)) {
        Strict strict = request.calls().strict().get(name);
        arguments.put(name, strict == null ? new Structure.JsonObject() : strict.schema());
      }
    }
    return arguments;
  }
}
