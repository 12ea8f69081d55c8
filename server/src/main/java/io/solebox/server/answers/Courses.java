package io.solebox.server.answers;

import io.solebox.engine.answer.AnswerCourse;
import io.solebox.engine.answer.CallOpening;
import io.solebox.engine.answer.Thinking;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatInput.Ending;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Problem;
import java.time.Clock;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Keeps the answer of a chat to its course: so many thoughts at most, a call if one must be, and
 * otherwise what was asked for.
 */
public final class Courses {
  private Courses() {}

  /**
   * The same request, kept to its {@link CallRules}, to a format and to a budget. Where a tool must
   * be called, the call is the answer, and has no format.
   *
   * @param input that its prompt was made of
   * @param asked what the answer must be if it is not a call
   * @param thoughts most tokens of them
   * @param callParam the parameter that asks for a call
   * @throws Problem 400 if nobody knows how calls of the model begin, or what is asked for cannot
   *     be held in full
   */
  public static AnswerRequest keep(
      AnswerRequest request,
      ChatInput input,
      Optional<AskedStructure> asked,
      OptionalInt thoughts,
      String callParam,
      Clock clock)
      throws InterruptedException {
    LoadedModel model = request.model();
    Optional<AskedStructure> format = asked.filter(_ -> !request.calls().required());
    boolean either = format.isPresent() && !request.tools().isEmpty();
    if (either || !request.calls().strict().isEmpty()) {
      requireNewMessage(input, either ? format.get().param() : callParam);
      return thinking(StrictCalls.hold(request, input, format, clock), thoughts);
    }
    if (request.calls().required()) {
      CallOpening opening = opening(request, input, callParam, clock);
      return request.withConstraint(
          () ->
              AnswerCourse.call(
                  model.tokenizer(), request.prompt(), thoughts, opening, request.calls().names()));
    }
    return thinking(AskedStructure.hold(format, request), thoughts);
  }

  private static AnswerRequest thinking(AnswerRequest request, OptionalInt thoughts) {
    if (thoughts.isEmpty() || Thinking.of(request.prompt()).isEmpty()) {
      return request;
    }
    int most = thoughts.getAsInt();
    return request.withConstraint(
        () -> AnswerCourse.thoughts(request.model().tokenizer(), request.prompt(), most));
  }

  private static void requireNewMessage(ChatInput input, String callParam) {
    if (input.ending() == Ending.AFTER_MESSAGES) {
      throw unsupported(
          callParam, "A call can be asked for where the model's message begins, and not before.");
    }
  }

  private static CallOpening opening(
      AnswerRequest request, ChatInput input, String callParam, Clock clock) {
    requireNewMessage(input, callParam);
    try {
      Optional<CallOpening> opening =
          CallOpening.of(request.model().prompts(), request.model().tokenizer(), input, clock);
      return opening.orElseThrow(
          () ->
              unsupported(
                  callParam,
                  "It is not known how '%s' begins a call, so none can be asked for. Use auto."
                      .formatted(request.modelName())));
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, callParam);
    }
  }

  private static Problem unsupported(String param, String why) {
    return Problem.of(
            400, "unsupported_parameter", "Unsupported parameter: '%s'. %s".formatted(param, why))
        .withParam(param);
  }
}
