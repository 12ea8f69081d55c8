package io.solebox.engine.chat;

import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * What a model is given to go on with, and what tells how it will.
 *
 * @param template that the prompt was rendered by; empty for raw text
 * @param opening what the template wrote behind the last message; the answer goes on from there
 * @param rendered what the template took for now, wherever it wrote the date; empty for raw text
 */
public record Prompt(
    int[] ids, Optional<ChatTemplate> template, String opening, Optional<OffsetDateTime> rendered) {
  /** One into which no date was written. */
  public Prompt(int[] ids, Optional<ChatTemplate> template, String opening) {
    this(ids, template, opening, Optional.empty());
  }

  /** The same with other ids. */
  public Prompt withIds(int[] value) {
    return new Prompt(value, template, opening, rendered);
  }
}
