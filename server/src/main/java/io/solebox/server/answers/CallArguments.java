package io.solebox.server.answers;

import io.solebox.engine.answer.WholeAnswer.ToolCall;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** The arguments of calls as objects, for APIs that have them so. */
public final class CallArguments {
  private CallArguments() {}

  /** Empty where the answer was cut off inside the call. */
  public static Optional<Map<String, Object>> of(ToolCall call) {
    try {
      byte[] text = call.arguments().getBytes(StandardCharsets.UTF_8);
      return Optional.of(new JsonReader(JsonLimits.LOCAL).readObject(text));
    } catch (JsonException e) {
      return Optional.empty();
    }
  }
}
