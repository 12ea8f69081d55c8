package io.solebox.server.formats;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.answers.AnswerRequest;
import io.solebox.server.answers.Refusals;
import io.solebox.server.params.Params;
import java.util.Optional;

/**
 * What a request wants its answer to be.
 *
 * @param param that says it
 */
public record AskedStructure(Structure structure, String param) {
  /** The same request, held to what is asked for, if anything is. */
  public static AnswerRequest hold(Optional<AskedStructure> asked, AnswerRequest request)
      throws InterruptedException {
    return asked.isPresent() ? asked.get().hold(request) : request;
  }

  /**
   * The same request, with an answer that is so. Where a tool must be called, the call is the
   * answer.
   *
   * @throws io.solebox.server.http.Problem 400 if it cannot be honoured in full
   */
  AnswerRequest hold(AnswerRequest request) throws InterruptedException {
    if (request.calls().required()) {
      return request;
    }
    if (!request.tools().isEmpty()) {
      throw Params.unsupported(
          param,
          "The model may call tools, and what it says beside calls is not held to a format.");
    }
    try {
      return request.withConstraint(request.model().held(request.prompt(), structure));
    } catch (SoleboxException e) {
      throw Refusals.of(e, param);
    }
  }
}
