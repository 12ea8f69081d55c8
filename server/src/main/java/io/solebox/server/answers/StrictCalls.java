package io.solebox.server.answers;

import io.solebox.engine.answer.CallEnvelope;
import io.solebox.engine.answer.CallGrammar;
import io.solebox.engine.answer.CallGrammar.Otherwise;
import io.solebox.engine.answer.StructuredCourse;
import io.solebox.engine.answer.TextFrame;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.answers.CallRules.Strict;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Problem;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Holds the arguments of calls to the schemas of their tools, and what is no call to a format. */
final class StrictCalls {
  private StrictCalls() {}

  /**
   * @param input that the prompt was made of
   * @param format of what the answer is if it is no call
   * @throws Problem 400 if a schema cannot be honoured in full, or nobody knows how the model
   *     writes calls
   */
  static AnswerRequest hold(
      AnswerRequest request, ChatInput input, Optional<AskedStructure> format, Clock clock)
      throws InterruptedException {
    for (Strict strict : request.calls().strict().values()) {
      compileAlone(request.model(), strict.schema(), strict.schemaParam());
    }
    String param =
        format
            .map(AskedStructure::param)
            .orElseGet(() -> request.calls().strict().values().iterator().next().param());
    if (format.isPresent()) {
      compileAlone(request.model(), format.get().structure(), param);
    }
    TextFrame frame = TextFrame.of(request.prompt());
    CallEnvelope envelope = envelope(request, input, frame, param, clock);
    if (!envelope.writesJson()) {
      compileEach(request, envelope);
    }
    CallGrammar calls =
        new CallGrammar(
            envelope, arguments(request), request.calls().single(), new Otherwise.Nothing());
    if (request.calls().required()) {
      return hold(request, calls, calls, param);
    }
    // Held twice where there is a format, so that nothing in it is taken for the beginning of a
    // call.
    CallGrammar free = calls.with(new Otherwise.AnyText());
    AnswerRequest held = envelope.marks().isEmpty() ? request : hold(request, free, free, param);
    if (format.isEmpty() && !envelope.marks().isEmpty()) {
      return held;
    }
    Optional<Structure> structure = format.map(AskedStructure::structure);
    return hold(
        held,
        calls.with(new Otherwise.Framed(structure, frame, false)),
        calls.with(new Otherwise.Framed(structure, frame, true)),
        param);
  }

  /**
   * @param atOnce what the answer may be if it has no thoughts
   * @param behindThoughts what it may be behind them
   */
  private static AnswerRequest hold(
      AnswerRequest request, CallGrammar atOnce, CallGrammar behindThoughts, String param)
      throws InterruptedException {
    LoadedModel model = request.model();
    CompiledGrammar first = compile(model, atOnce, param);
    CompiledGrammar second = compile(model, behindThoughts, param);
    return request.withConstraint(
        () ->
            StructuredCourse.of(
                model.tokenizer(),
                model.structures(),
                request.prompt(),
                model.structures().begin(first),
                model.structures().begin(second)));
  }

  private static CompiledGrammar compile(LoadedModel model, CallGrammar calls, String param)
      throws InterruptedException {
    try {
      return model.structures().compile(calls, _ -> calls.grammar(model.tokenizer()));
    } catch (SoleboxException e) {
      throw Refusals.of(e, param);
    }
  }

  /** What can be said as JSON cannot always be said as this model writes arguments. */
  private static void compileEach(AnswerRequest request, CallEnvelope envelope)
      throws InterruptedException {
    for (var strict : request.calls().strict().entrySet()) {
      Map<String, Structure> one = Map.of(strict.getKey(), strict.getValue().schema());
      CallGrammar alone = new CallGrammar(envelope, one, true, new Otherwise.Nothing());
      compile(request.model(), alone, strict.getValue().schemaParam());
    }
  }

  /** So that it is clear which of several is refused. */
  private static void compileAlone(LoadedModel model, Structure structure, String param)
      throws InterruptedException {
    try {
      model.structures().compile(structure);
    } catch (SoleboxException e) {
      throw Refusals.of(e, param);
    }
  }

  private static CallEnvelope envelope(
      AnswerRequest request, ChatInput input, TextFrame frame, String param, Clock clock) {
    LoadedModel model = request.model();
    try {
      Optional<CallEnvelope> found =
          CallEnvelope.of(model.prompts(), model.tokenizer(), input, clock);
      return found
          .filter(
              envelope ->
                  request.calls().required() || frame.isThere() || !envelope.marks().isEmpty())
          .orElseThrow(() -> unsupported(param, request.modelName()));
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, param);
    }
  }

  private static Problem unsupported(String param, String model) {
    return Problem.of(
            400,
            "unsupported_parameter",
            "Unsupported parameter: '%s'. How '%s' writes calls does not let them be held to a schema, nor told from what has a format. Leave it out, or say with 'tool_choice' whether a call must be."
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
