package io.solebox.engine.chat;

import io.solebox.engine.error.SoleboxException;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** A chat template. Immutable; safe for many threads. */
public interface ChatTemplate {
  /**
   * Renders a conversation.
   *
   * @param variables {@code messages}, {@code tools}, {@code add_generation_prompt}, {@code
   *     bos_token} and so on: String, Boolean, Long, Double, null, and List and Map of them, as
   *     JSON has them. The order of a map's keys is kept. All texts in them are plain; {@link
   *     Prompts} knows which are not
   * @param clock behind {@code strftime_now}
   * @throws SoleboxException {@code BAD_TEMPLATE} with the template's line; {@link #problem} if
   *     there is one
   */
  Rendering render(Map<String, Object> variables, Clock clock);

  /** The template as it was written. */
  String source();

  /** Why it can render nothing at all: it does not compile. */
  Optional<SoleboxException> problem();
}
