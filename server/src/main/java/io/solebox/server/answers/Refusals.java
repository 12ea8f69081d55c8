package io.solebox.server.answers;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Problem;

/** What is said of structures that cannot be honoured. */
public final class Refusals {
  private Refusals() {}

  /**
   * @param param that has the structure
   * @return a problem that names what cannot be honoured, and where it stands; the error itself if
   *     it is about something else
   */
  public static RuntimeException of(SoleboxException e, String param) {
    if (e.code() != ErrorCode.BAD_GRAMMAR) {
      return e;
    }
    String place = e.place().isEmpty() ? "" : e.place() + ": ";
    return Problem.of(
            400,
            ErrorCode.BAD_GRAMMAR.wireName(),
            "'%s' cannot be honoured. %s%s".formatted(param, place, e.explanation()))
        .withParam(param);
  }
}
