package io.solebox.server.answers;

import io.solebox.engine.constrain.structure.Structure;
import io.solebox.engine.error.SoleboxException;
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
   * The same request, with an answer that is so.
   *
   * @throws io.solebox.server.http.Problem 400 if it cannot be honoured in full
   */
  private AnswerRequest hold(AnswerRequest request) throws InterruptedException {
    try {
      return request
          .withConstraint(request.model().held(request.prompt(), structure))
          .withStructure(structure);
    } catch (SoleboxException e) {
      throw Refusals.of(e, param);
    }
  }
}
