package io.solebox.engine.chat;

import java.time.Clock;
import java.util.Map;

/** A model file's own chat template, compiled. Immutable; safe for many threads. */
public interface ChatTemplate {
  /**
   * Renders a conversation to the text that the tokenizer takes.
   *
   * @param variables {@code messages}, {@code tools}, {@code add_generation_prompt}, {@code
   *     bos_token} and so on: String, Boolean, Long, Double, null, and List and Map of them, as
   *     JSON has them. The order of a map's keys is kept
   * @param clock behind {@code strftime_now}
   * @throws io.solebox.engine.error.SoleboxException {@code BAD_TEMPLATE} with the template's line
   */
  String render(Map<String, Object> variables, Clock clock);
}
