package io.solebox.server.responses;

import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How an answer shows what the model thought: always as it is, and where that was asked for, also
 * in the members that OpenAI has for it, in which nothing else could be told apart from it.
 *
 * @param summary whether as a summary, which is the whole
 * @param sealed whether as {@code encrypted_content}, for clients that send nothing else back. It
 *     is no secret
 */
record Thoughts(boolean summary, boolean sealed) {
  private static final String SEAL = "solebox1.";

  /** An item of the type {@code reasoning}. */
  Map<String, Object> item(String id, String text, String status) {
    boolean empty = text.isEmpty();
    Map<String, Object> item =
        ResponseBody.ordered(
            "id",
            id,
            "type",
            "reasoning",
            "summary",
            empty || !summary ? List.of() : List.of(part("summary_text", text)),
            "content",
            empty ? List.of() : List.of(part("reasoning_text", text)),
            "status",
            status);
    if (sealed && !empty) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      item.put("encrypted_content", SEAL + Base64.getEncoder().encodeToString(bytes));
    }
    return item;
  }

  static Map<String, Object> part(String type, String text) {
    return ResponseBody.ordered("type", type, "text", text);
  }

  /**
   * What {@code encrypted_content} holds; empty where it is of another server.
   *
   * @throws io.solebox.server.http.Problem 400 where it is of this one, and damaged
   */
  static Optional<String> unsealed(Fields item) {
    return item.string("encrypted_content")
        .filter(text -> text.startsWith(SEAL))
        .map(text -> opened(text.substring(SEAL.length()), item.param("encrypted_content")));
  }

  private static String opened(String base64, String param) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Params.invalidValue(
          param, "It is not what this server has sent. Send it back as it was, or leave it out.");
    }
  }
}
