package io.solebox.engine.api;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatTemplate;
import java.util.Map;
import java.util.Optional;

/**
 * How a model's conversations become prompts.
 *
 * @param template in place of the model file's own
 * @param arguments of the template where a conversation does not set them, as {@code
 *     enable_thinking}; null is a value
 */
public record ChatOptions(Optional<ChatTemplate> template, Map<String, Object> arguments) {
  /** The model file's own template, without arguments. */
  public static final ChatOptions OF_FILE = new ChatOptions(Optional.empty(), Map.of());

  /**
   * @throws io.solebox.engine.error.SoleboxException as {@link ChatInput#requireArguments}
   */
  public ChatOptions {
    ChatInput.requireArguments(arguments);
  }
}
