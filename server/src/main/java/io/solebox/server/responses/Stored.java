package io.solebox.server.responses;

import io.solebox.server.http.Problem;
import io.solebox.server.params.Params;
import io.solebox.server.storage.Keeping;
import java.util.Optional;

/** Words about what is stored. */
final class Stored {
  private Stored() {}

  /** The server was told to keep nothing. */
  static Problem off(String param) {
    return Params.unsupported(param, "This server was started with --no-store: it keeps nothing.");
  }

  /**
   * Nothing is kept for whoever asks.
   *
   * @param store empty where nothing is kept for anybody
   */
  static Problem off(String param, Optional<ResponseStore> store) {
    return store.isPresent() ? Keeping.off(param) : off(param);
  }

  /** It was there when its response began. */
  static Problem conversationGone(String id) {
    return Problem.of(
            404,
            "conversation_deleted",
            "The conversation '%s' was deleted while its response was computed.".formatted(id))
        .withParam("conversation");
  }

  static Problem notFound(String kind, String id) {
    return Problem.of(
        404,
        "not_found",
        "There is no %s '%s'.".formatted(kind, id.substring(0, Math.min(80, id.length()))));
  }
}
